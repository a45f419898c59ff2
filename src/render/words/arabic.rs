//! Arabic.

use super::plural::arabic;
use super::{Category, Confirmation, Dates, Forms, Sentence, Words};
use crate::model::language::Direction;

pub(super) const WORDS: Words = Words {
    language: "ar",
    direction: Direction::Rtl,
    plural: arabic,
    dates: Dates {
        weekdays: ["الاثنين", "الثلاثاء", "الأربعاء", "الخميس", "الجمعة", "السبت", "الأحد"],
        months: [
            "يناير",
            "فبراير",
            "مارس",
            "أبريل",
            "مايو",
            "يونيو",
            "يوليو",
            "أغسطس",
            "سبتمبر",
            "أكتوبر",
            "نوفمبر",
            "ديسمبر",
        ],
        first: None,
        with_weekday: "{weekday}، {day} {month} {year}",
        long: "{day} {month} {year}",
        short: "{day} {month}",
    },
    number: Sentence("العدد {}"),
    view_in_browser: "عرض في المتصفح",
    inside: Sentence("في هذا العدد: {}"),
    also: "وفي هذا العدد أيضًا",
    listen: "استمع",
    watch: "شاهد",
    also_in: Sentence("وأيضًا في {}"),
    by: Sentence("بقلم {}"),
    name_separators: ["، ", " و"],
    minutes: Forms(&[
        (Category::One, "دقيقة قراءة"),
        (Category::Two, "دقيقتا قراءة"),
        (Category::Few, "{} دقائق قراءة"),
        (Category::Other, "{} دقيقة قراءة"),
    ]),
    more_on_the_web: Forms(&[
        (Category::One, "ومقال آخر على الموقع"),
        (Category::Two, "ومقالان آخران على الموقع"),
        (Category::Few, "و{} مقالات أخرى على الموقع"),
        (Category::Many, "و{} مقالًا آخر على الموقع"),
        (Category::Other, "و{} مقال آخر على الموقع"),
    ]),
    why: Sentence("تصلك هذه الرسالة لأنك مشترك في {}."),
    unsubscribe: "إلغاء الاشتراك",
    archive: "كل الأعداد",
    feeds: "الخلاصات:",
    test: "هذه رسالة تجريبية. لم يُنشر هذا العدد.",
    confirmation: Confirmation {
        subject: Sentence("يرجى تأكيد اشتراكك في {}"),
        request: Sentence(
            "طلب أحدهم، ونرجو أن يكون أنت، إرسال {} إلى هذا العنوان. أكّد الطلب ليصلك العدد القادم.",
        ),
        confirm: "تأكيد الاشتراك",
        address: "إن لم يعمل الزر فافتح هذا العنوان:",
        otherwise: "إن لم تكن أنت من طلب ذلك فلا تفعل شيئًا: لن تصلك رسالة أخرى.",
        why: Sentence("أُرسلت هذه الرسالة وحدها لأن هذا العنوان أُدخل في نموذج {}."),
    },
    page: super::page::ARABIC,
};
