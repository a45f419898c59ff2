## Digests

own-name = العربية
number = العدد { $number }
view-in-browser = عرض في المتصفح
inside = في هذا العدد: { $sections }
also = وفي هذا العدد أيضًا
also-in = وأيضًا في { $sources }
listen = استمع
watch = شاهد
by = بقلم { $names }
minutes =
    { $count ->
        [one] دقيقة قراءة
        [two] دقيقتا قراءة
        [few] { $count } دقائق قراءة
       *[other] { $count } دقيقة قراءة
    }
more-on-the-web =
    { $count ->
        [one] ومقال آخر على الموقع
        [two] ومقالان آخران على الموقع
        [few] و{ $count } مقالات أخرى على الموقع
        [many] و{ $count } مقالًا آخر على الموقع
       *[other] و{ $count } مقال آخر على الموقع
    }
why = تصلك هذه الرسالة لأنك مشترك في { $title }.
unsubscribe = إلغاء الاشتراك
archive = كل الأعداد
feeds = الخلاصات:
counted = نحصي عدد مرات فتح الروابط، ولا نسجّل أبدًا من يفتحها.
test = هذه رسالة تجريبية. لم يُنشر هذا العدد.
test-mark = [تجربة]

names-next = { $names }، { $name }
names-last = { $names } و{ $name }

## Dates

dates-with-weekday = { $weekday }، { $day } { $month } { $year }
dates-short = { $day } { $month }
dates-long = { $day } { $month } { $year }
dates-day = { $day }
dates-weekday-1 = الاثنين
dates-weekday-2 = الثلاثاء
dates-weekday-3 = الأربعاء
dates-weekday-4 = الخميس
dates-weekday-5 = الجمعة
dates-weekday-6 = السبت
dates-weekday-7 = الأحد
dates-month-1 = يناير
dates-month-2 = فبراير
dates-month-3 = مارس
dates-month-4 = أبريل
dates-month-5 = مايو
dates-month-6 = يونيو
dates-month-7 = يوليو
dates-month-8 = أغسطس
dates-month-9 = سبتمبر
dates-month-10 = أكتوبر
dates-month-11 = نوفمبر
dates-month-12 = ديسمبر

## The mail that asks to confirm a subscription

confirmation-subject = يرجى تأكيد اشتراكك في { $title }
confirmation-request = طلب أحدهم، ونرجو أن يكون أنت، إرسال { $title } إلى هذا العنوان. أكّد الطلب ليصلك العدد القادم.
confirmation-confirm = تأكيد الاشتراك
confirmation-address = إن لم يعمل الزر فافتح هذا العنوان:
confirmation-otherwise = إن لم تكن أنت من طلب ذلك فلا تفعل شيئًا: لن تصلك رسالة أخرى.
confirmation-why = أُرسلت هذه الرسالة وحدها لأن هذا العنوان أُدخل في نموذج { $title }.

## Pages

page-skip = انتقل إلى المحتوى
page-navigation = هذا الموقع
page-front = الصفحة الأولى
page-newsletters = النشرات البريدية
page-newsletter = نشرة بريدية
page-section = القسم
page-sections = أقسام هذا المقال
page-nothing = لم يُنشر شيء بعد. عُد قريبًا.
page-editions = الأعداد
page-no-edition = لم يصدر العدد الأول بعد.
page-previous = العدد السابق
page-next = العدد التالي
page-newer-editions = أعداد أحدث
page-older-editions = أعداد أقدم
page-editions-of = { $title }: الأعداد
page-feeds-of = خلاصات { $title }
page-feed = خلاصة
page-feed-meaning = هذه خلاصة. تقرؤها قارئات الخلاصات، وهي برامج وتطبيقات تجمع جديد مواقع كثيرة في مكان واحد، دون حساب ودون بريد إلكتروني.
page-feed-use = انسخ هذا العنوان إلى قارئك ليصلك الجديد من هنا تلقائيًا.
page-feed-address = عنوان هذه الخلاصة
page-feed-formats = الخلاصة نفسها بصيغ أخرى
page-newest = أحدث المواد
page-older = مواد أقدم
page-newer = مواد أحدث
page-all-feeds = كل خلاصات هذا الموقع، لاستيرادها في قارئ خلاصات (OPML)
page-changed = آخر تعديل: { $day }
page-author = عن الكاتب
page-origin = اقرأ هذا المقال على { $site }
page-share = شارك هذا المقال
page-share-mail = بالبريد الإلكتروني
page-share-on = المشاركة على { $place }
page-share-copy = أو انسخ العنوان:
page-related = اقرأ أيضًا
page-most-read = الأكثر قراءة
page-subscribe-to = الاشتراك في { $title }
page-choose = اختر ما تودّ قراءته.
page-address = البريد الإلكتروني
page-subscribe = اشترك
page-promise = ستصلك رسالة واحدة تطلب التأكيد. يمكنك إلغاء الاشتراك في أي وقت بنقرة واحدة.
page-no-address = هذا ليس عنوان بريد إلكتروني. اكتبه على هذا النحو: name@example.org
page-disposable = عنوان من هذا النوع يزول قريبًا. استخدم عنوانًا يمكن الوصول إليك عليه مدة أطول.
page-role = عنوان مثل info@ يقرؤه عدة أشخاص أو لا يقرؤه أحد. استخدم عنوانك الخاص.
page-moment = كان ذلك سريعًا جدًا، أو بقي النموذج مفتوحًا أكثر من يوم. اضغط الزر مرة أخرى.
page-trap = اترك هذا الحقل فارغًا
page-no-choice = اختر نشرة واحدة على الأقل.
page-asked-title = انظر في صندوق بريدك
page-asked-text = رسالة فيها رابط في طريقها إليك. افتح الرابط وأكّد ليصلك العدد القادم. إن لم يصل شيء خلال دقائق فابحث في البريد غير المرغوب فيه.
page-confirm-title = الاشتراك في { $titles }؟
page-confirm-text = ضغطة واحدة، ويصلك العدد القادم.
page-confirmed-title = تم تأكيد اشتراكك
page-confirmed-text = سيصلك العدد القادم في بريدك. وفي كل عدد رابط لإلغاء الاشتراك.
page-confirmation-over-title = انتهت صلاحية هذا الرابط
page-confirmation-over-text = استُخدم من قبل، أو مضى عليه وقت طويل. اشترك من جديد وستصلك رسالة أخرى للتأكيد.
page-leave-title = إلغاء الاشتراك في { $title }؟
page-leave-text = ضغطة واحدة، ولن يصلك أي عدد آخر.
page-left-title = أُلغي اشتراكك في { $title }
page-left-text = لن يصلك أي عدد آخر. ويمكنك العودة متى شئت.
page-bad-link-title = هذا الرابط لا يعمل
page-bad-link-text = الرابط ناقص أو تغيّر في الطريق. افتحه مرة أخرى من الرسالة، أو انسخ العنوان كاملًا منها.
page-not-found-title = لا توجد صفحة كهذه
page-not-found-text = ربما كُتب العنوان خطأً، أو أُزيلت الصفحة. الصفحة الأولى تقودك إلى كل ما هنا.
page-gone-title = توقفت هذه النشرة
page-gone-text = لم تعد تصدر. الصفحة الأولى تقودك إلى النشرات الأخرى.
page-withdrawn-title = سُحب هذا المقال
page-withdrawn-text = سحبه الناشر. الصفحة الأولى تقودك إلى كل ما هنا.
page-bad-request-title = تعذّر فهم الطلب
page-bad-request-text = كان الطلب ناقصًا أو أكبر مما ينبغي. عُد وحاول مرة أخرى.
page-unsearchable-title = لا يمكن البحث عن هذه الكلمات
page-unsearchable-text = للرموز مثل - و + و ( و : معنى خاص في البحث. ضع الكلمات التي تحتوي على رموز بين علامتي اقتباس مستقيمتين.
page-not-as-wanted-title = لم يعد هذا كما كان
page-not-as-wanted-text = كان يُراد الجواب ما دام لم يتغيّر شيء هنا، وقد تغيّر شيء. اطلب مرة أخرى دون هذا الشرط.
page-too-many-title = محاولات كثيرة
page-too-many-text = انتظر بضع دقائق ثم حاول مرة أخرى.
page-crowd-title = لحظة من فضلك
page-crowd-text = عدد كبير جدًا يشترك الآن. يثبت متصفحك أن وراءه إنسانًا، وهذا يستغرق بضع ثوانٍ، ثم يتابع من تلقاء نفسه.
page-crowd-wait =
    { $count ->
        [one] إن لم يحدث شيء فانتظر ثانية واحدة ثم اضغط الزر.
        [two] إن لم يحدث شيء فانتظر ثانيتين ثم اضغط الزر.
        [few] إن لم يحدث شيء فانتظر { $count } ثوانٍ ثم اضغط الزر.
       *[other] إن لم يحدث شيء فانتظر { $count } ثانية ثم اضغط الزر.
    }
page-failed-title = حدث خطأ
page-failed-text = الخطأ منّا وقد سُجّل. حاول مرة أخرى بعد بضع دقائق.
page-busy-title = قرّاء كثيرون في آن واحد
page-busy-text = حاول مرة أخرى بعد لحظة.

## The page with which people search the archive

search-title = البحث
search-field = عمّ تبحث؟
search-button = ابحث
search-hint = يجب أن ترد كل الكلمات في المقال. ضع الكلمات المتلازمة بين علامتي اقتباس.
search-nothing = لم يُعثر على شيء. جرّب كلمات أقل أو غيرها.
search-within = في { $title } فقط
search-everywhere = ابحث في كل شيء
search-previous = النتائج السابقة
search-next = نتائج أخرى

## The page on which readers manage what they get

manage-link = إدارة الاشتراكات
manage-title = نشراتك البريدية
manage-intro = ما تغيّره هنا يسري فورًا. ومن لديه عنوان هذه الصفحة يستطيع تغييره أيضًا، فاحتفظ به لنفسك.
manage-all = كلها معًا
manage-active = تصلك هذه النشرة.
manage-paused = متوقفة مؤقتًا. ستصلك من جديد ابتداءً من { $day }.
manage-asleep = متوقفة مؤقتًا: سألناك هل ما زلت تريدها ولم تجب.
manage-pending = وصلتك رسالة تطلب التأكيد. انظر في صندوق بريدك.
manage-left = لقد ألغيت اشتراكك.
manage-absent = لا تصلك هذه النشرة.
manage-until = استئناف الإرسال ابتداءً من
manage-pause-hint = لن يُرسل شيء قبل ذلك اليوم. وما يصدر في هذه الأثناء يمكن قراءته على الموقع.
manage-pause = إيقاف مؤقت
manage-pause-all = إيقاف الكل مؤقتًا
manage-resume = استئناف الإرسال الآن
manage-bad-day = اختر يومًا ابتداءً من الغد وخلال سنة واحدة.
manage-undo = تراجع
manage-why = هل تودّ أن تخبرنا بالسبب؟ (اختياري)
manage-why-send = إرسال
manage-thanks = شكرًا لك. لقد سُجّل ذلك.
manage-suppressed = لا يُرسل شيء إلى عنوانك: ارتدّت رسائل منه أو بُلّغ عنها كرسائل غير مرغوب فيها. إن أردت تغيير ذلك فاكتب إلينا.

choose-topics = المواضيع
choose-topics-hint = لا تحدد شيئًا لتصلك كلها.
choose-rhythm = كم مرة
choose-newsletter = كما تصدر النشرة
choose-each-article = كل مقال فور صدوره
choose-daily = مرة في اليوم
choose-weekly = مرة في الأسبوع
choose-hour = في هذه الساعة
choose-hour-hint = تسري الساعة على مرة في اليوم ومرة في الأسبوع، بحسب ساعات المنطقة الزمنية.
choose-time-zone = المنطقة الزمنية
choose-language = لغة رسائلنا عن اشتراكك
choose-language-of-newsletter = لغة النشرة
choose-save = حفظ
choose-bad = { $field }: لا يمكن اختيار هذا هنا. الخيارات: { $allowed }.
choose-bad-zone = لا توجد منطقة زمنية بهذا الاسم. اكتب اسمًا مثل Africa/Cairo أو America/New_York.
choose-catch-up = أرسلوا إليّ حينها ما فاتني

## What readers do with their own data, and the mails with one link that they ask for

personal-title = بياناتك
personal-by-mail = للاطلاع على بياناتك أو تغيير عنوانك أو محو بياناتك تحتاج إلى رابط يصلك بالبريد، فقد يكون أحد الأعداد أُعيد توجيهه إلى غيرك.
personal-send-link = أرسلوا لي الرابط
personal-yours = المعروف عن { $address }
personal-download = تنزيل بياناتي
personal-new-address = البريد الإلكتروني الجديد
personal-change = تغيير عنواني
personal-erase = محو بياناتي…
personal-link-title = الرابط إلى نشراتك
personal-link-text = اكتب العنوان الذي تصل إليه نشراتك، وستُرسل إليه رسالة فيها رابط.
personal-link-asked-title = انظر في صندوق بريدك
personal-link-asked-text = إن كان لهذا العنوان اشتراك هنا فرسالة فيها رابط في طريقها إليه. الرابط صالح ليوم واحد. إن لم يصل شيء خلال دقائق فابحث في البريد غير المرغوب فيه.
personal-over-title = انتهت صلاحية هذا الرابط
personal-over-text = لقد استُعمل أو مضى عليه وقت طويل. اطلب رابطًا جديدًا بالبريد.
personal-change-asked-title = انظر في الصندوق الجديد
personal-change-asked-text = إن أمكن إرسال النشرات إلى ذلك العنوان فستصل إليه رسالة تسأل هل هو لك. لن يتغير شيء قبل أن تؤكد. وسيُخبَر العنوان القديم أيضًا.
personal-confirm-title = تغيير عنوانك إلى { $address }؟
personal-confirm-text = ضغطة واحدة، وتصل نشراتك إلى هذا العنوان.
personal-confirm-button = استعمال هذا العنوان
personal-changed-title = تغيّر عنوانك
personal-changed-text = من الآن تصل نشراتك إلى العنوان الجديد.
personal-taken-title = لا يمكن استعمال هذا العنوان
personal-taken-text = له اشتراك من قبل، أو طُلب ألا يُراسَل. لم يتغير شيء.
personal-keep-title = الاحتفاظ بعنوانك القديم؟
personal-keep-text = ضغطة واحدة، وتصل نشراتك إلى العنوان القديم كما كانت.
personal-keep-button = الاحتفاظ بالعنوان القديم
personal-kept-title = بقي عنوانك كما كان
personal-kept-text = أُوقف التغيير. والروابط التي أُرسلت من قبل لم تعد تُظهر بياناتك.
personal-erasing-title = محو كل ما يخصك؟
personal-erasing-text = تُمحى اشتراكاتك وكل ما هو معروف عنك فورًا، ولا يستطيع أحد إعادتها. لا يبقى سوى رمز مشتق من عنوانك كي لا يُسجَّل هنا مرة أخرى: فلن تستطيع الاشتراك به بعد ذلك.
personal-erase-button = محو كل شيء
personal-erased-title = مُحيت بياناتك
personal-erased-text = لم يبقَ عنك سوى رمز مشتق من عنوانك يمنع تسجيله.
personal-link-mail-subject = رابطك في { $title }
personal-link-mail-request = طلب أحدهم، ونأمل أن يكون أنت، الرابط الذي تدير به نشراتك وبياناتك في { $title }. وهو صالح ليوم واحد.
personal-link-mail-button = افتح صفحتي
personal-link-mail-otherwise = إن لم تكن أنت فلا تفعل شيئًا: لن يتغير شيء. لا تعطِ الرابط لأحد.
personal-new-mail-subject = أكّد عنوانك الجديد في { $title }
personal-new-mail-request = طلب أحدهم، ونأمل أن يكون أنت، أن تصل نشراته من { $title } إلى هذا العنوان. أكّد ذلك خلال يوم.
personal-new-mail-button = استعمال هذا العنوان
personal-new-mail-otherwise = إن لم تكن أنت فلا تفعل شيئًا: لن تصلك رسالة أخرى.
personal-old-mail-subject = عنوانك في { $title } على وشك التغيير
personal-old-mail-request = طلب أحدهم، ونأمل أن يكون أنت، أن تذهب نشراتك من { $title } إلى عنوان آخر. إن لم تكن أنت فأوقف ذلك هنا.
personal-old-mail-button = الاحتفاظ بهذا العنوان
personal-old-mail-otherwise = إن كنت أنت فلا تفعل شيئًا. الرابط صالح حتى ثلاثة أيام بعد التغيير.
personal-wanted-title = هل ما زلت تريد { $title }؟
personal-wanted-text = ضغطة واحدة وتصلك كما من قبل.
personal-still-wanted-title = شكرًا لك
personal-still-wanted-text = تصلك كما من قبل. في كل عدد رابط يمكنك به إلغاء الاشتراك.
personal-wanted-mail-subject = هل ما زلت تريد { $title }؟
personal-wanted-mail-request = تصلك { $title } منذ مدة طويلة. هل ما زالت تفيدك؟ ضغطة واحدة وتصلك كما من قبل.
personal-wanted-mail-button = نعم، واصلوا الإرسال
personal-wanted-mail-otherwise = إن لم تفعل شيئًا سألناك مرة أخرى بعد شهر. وبعد شهر آخر تتوقف مؤقتًا ولا يضيع شيء: هذا الزر يعيدها في أي وقت.
personal-wanted-why = تصلك هذه الرسالة لأنك اشتركت في { $title }. لا نعرف ما تفتحه أو تنقر عليه، ولهذا نسأل.
personal-why = أُرسلت هذه الرسالة الواحدة لأن أحدهم طلبها في صفحات { $title }.
private-about = أعداد هذه النشرة لقرائها وحدهم. اشترك فيصلك كل عدد في بريدك.
private-yours = هذه الصفحة لقراء النشرة، وعنوانها لك وحدك: من يحصل عليه يستطيع أن يقرأ ما تقرؤه.
private-over-title = انتهى هذا الرابط
private-over-text = كان يفتح نشرة لأحد قرائها، وقد انتهى ذلك الاشتراك. اشترك من جديد فتفتحها روابط رسائلك مرة أخرى.
private-feed = خلاصة لقارئ الخلاصات
private-feed-hint = العنوان لك وحدك: من يحصل عليه يستطيع قراءة النشرة. إن حصل عليه غيرك فخذ عنوانًا آخر، فينتهي القديم.
private-feed-make = أنشئ خلاصة
private-feed-renew = خذ عنوانًا آخر
private-feed-end = أنهِ الخلاصة
private-feed-elsewhere = للحصول على خلاصة لهذه النشرة افتح هذه الصفحة من الرابط في إحدى رسائلها، أو من رابط يُرسل إليك (أدناه).
private-feed-over-title = انتهت هذه الخلاصة
private-feed-over-text = أنهاها قارئها، أو أخذ لها عنوانًا آخر، أو لم يعد مشتركًا. العنوان الحالي في صفحة إدارة الاشتراكات التي تقود إليها كل رسالة من رسائل النشرة.
