//! A made-up newsroom: publication, newsletters and articles for the tests of digests.

use courant::model::article::{Article, ArticleId, Content, DateOrigin, Image};
use courant::model::delivery::UncertainPolicy;
use courant::model::edition::EditionNumber;
use courant::model::language::Direction;
use courant::model::newsletter::{Choice, Layout, Newsletter, Overflow};
use courant::model::publication::{Publication, Theme};
use courant::model::schedule::Schedule;
use courant::model::story::Twin;
use courant::model::time::Timestamp;
use courant::model::words::Vocabulary;
use courant::render::digest::Edition;
use jiff::tz::TimeZone;

pub struct Newsroom {
    pub publication: Publication,
    pub newsletter: Newsletter,
    pub articles: Vec<Article>,
    pub related: Vec<Article>,
    pub twins: Vec<Twin>,
    pub more: usize,
}

impl Newsroom {
    pub fn new(articles: Vec<Article>) -> Self {
        let (related, twins) = (Vec::new(), Vec::new());
        Self { publication: courier(), newsletter: daily(), articles, related, twins, more: 0 }
    }

    pub fn edition(&self) -> Edition<'_> {
        Edition {
            publication: &self.publication,
            newsletter: &self.newsletter,
            number: EditionNumber::own(214),
            zone: self.newsletter.time_zone(),
            tick: tick(),
            articles: &self.articles,
            related: &self.related,
            more: self.more,
            twins: &self.twins,
            counted: None,
            is_test: false,
        }
    }
}

pub fn tick() -> Timestamp {
    "2026-11-24T06:00:00Z".parse().unwrap()
}

pub fn courier() -> Publication {
    Publication {
        title: "The Courier".to_owned(),
        description: Some("News from the river and the hills".to_owned()),
        base_url: "https://courier.example.org/".parse().unwrap(),
        language: "en".to_owned(),
        time_zone: TimeZone::get("Europe/Brussels").unwrap(),
        postal_address: Some("The Courier, 12 Quay Street, 1000 Brussels, Belgium".to_owned()),
        counts: false,
        theme: Theme {
            footer: Some("Printed in electrons since 1897. Write to us: we read every letter.".to_owned()),
            ..Theme::default()
        },
        words: Vocabulary::built_in().clone(),
    }
}

pub fn daily() -> Newsletter {
    Newsletter {
        slug: "daily".parse().unwrap(),
        title: "The Daily Courier".to_owned(),
        description: Some("What happened, and why it matters, before your coffee is cold".to_owned()),
        language: "en".to_owned(),
        noindex: false,
        is_private: false,
        schedule: Schedule::new("0 7 * * *".parse().unwrap(), TimeZone::get("Europe/Brussels").unwrap()),
        choice: Choice::default(),
        choices: None,
        min_articles: 1,
        max_articles: 20,
        overflow: Overflow::Next,
        late: None,
        subject: "{lead}".to_owned(),
        layout: Layout::Stories,
        related: 0,
        uncertain: UncertainPolicy::Retry,
        over: std::time::Duration::ZERO,
        age_limit: None,
        sunset: None,
    }
}

pub fn arabic() -> Newsletter {
    Newsletter {
        slug: "alwaha".parse().unwrap(),
        title: "بريد الواحة".to_owned(),
        description: Some("أخبار النهر والتلال كل صباح".to_owned()),
        language: "ar".to_owned(),
        ..daily()
    }
}

/// An article with nothing but a headline.
pub fn bare(number: i64, title: &str) -> Article {
    Article {
        id: ArticleId(number),
        source: "cms".to_owned(),
        external_id: number.to_string(),
        public_id: format!("urn:uuid:00000000-0000-4000-8000-{number:012}"),
        slug: format!("article-{number}"),
        first_seen_at: tick(),
        changed_at: tick(),
        retracted_at: None,
        pictures: courant::model::picture::Pictures::default(),
        content: Content {
            title: title.to_owned(),
            authors: Vec::new(),
            biography: None,
            html: String::new(),
            text: String::new(),
            summary: String::new(),
            url: None,
            tags: Vec::new(),
            image: None,
            language: None,
            direction: Direction::Ltr,
            published_at: None,
            published_at_from: DateOrigin::FirstSight,
            updated_at: None,
            enclosures: Vec::new(),
            cuts: Vec::new(),
        },
    }
}

/// An article as the newsroom writes them.
pub fn written(number: i64, section: &str, author: &str, title: &str, summary: &str) -> Article {
    let mut article = bare(number, title);
    let words = 300 + 190 * usize::try_from(number).unwrap();
    article.content = Content {
        summary: summary.to_owned(),
        authors: vec![author.to_owned()],
        tags: vec![section.to_owned()],
        text: "word ".repeat(words),
        url: Some(format!("https://www.courier.example.org/2026/11/{number}")),
        published_at: Some("2026-11-24T04:00:00Z".parse().unwrap()),
        published_at_from: DateOrigin::Source,
        language: Some("en".to_owned()),
        ..article.content
    };
    article
}

pub fn picture(article: &mut Article, name: &str, (width, height): (u32, u32)) {
    article.content.image = Some(Image {
        url: format!("https://www.courier.example.org/pictures/{name}.jpg"),
        alt: Some(format!("A view of the {name}")),
        caption: Some(format!("The {name} on Monday evening. Photo: Mina Castell")),
        width: Some(width),
        height: Some(height),
    });
}

/// A morning's articles: sections, several authors, pictures, one from last week, one in Arabic.
pub fn morning() -> Vec<Article> {
    let mut articles: Vec<Article> = (1..)
        .zip(MORNING)
        .map(|(number, [section, author, title, summary])| written(number, section, author, title, summary))
        .collect();
    for (index, name, size) in
        [(0, "river", (1600, 1067)), (2, "mill", (900, 600)), (4, "storks", (800, 1000))]
    {
        picture(&mut articles[index], name, size);
    }
    articles[5].content.published_at = Some("2026-11-19T10:00:00Z".parse().unwrap());
    articles.insert(
        6,
        arabic_story(9, ["Culture", ARABIC_MORNING[0][1], ARABIC_MORNING[0][2], ARABIC_MORNING[0][3]]),
    );
    articles
}

/// The Arabic newsletter's morning, with two English articles.
pub fn arabic_morning() -> Vec<Article> {
    let mut articles: Vec<Article> =
        (1..).zip(ARABIC_MORNING).map(|(number, story)| arabic_story(number, *story)).collect();
    picture(&mut articles[0], "bridge", (1600, 1067));
    let image = articles[0].content.image.as_mut().unwrap();
    image.alt = Some("الجسر عند الغروب".to_owned());
    image.caption = Some("الجسر مساء الاثنين. تصوير: مينا قسطل".to_owned());
    articles.push(morning().swap_remove(2));
    articles
}

const MORNING: &[[&str; 4]] = &[
    [
        "Politics",
        "Ines Okafor",
        "Council votes tonight on the bridge that nobody wanted to build",
        "After eleven years of plans, two referendums and one collapsed contract, the city decides whether the river \
         gets its fifth crossing. The mayor has the votes, if the two members from the east bank hold.",
    ],
    [
        "Politics",
        "Tomas Lindqvist",
        "Ministry withdraws its night-train rule after a single letter",
        "A signalman from the north pointed out that the timetable could not be kept on any line with a tunnel.",
    ],
    [
        "Economy",
        "Aiko Brandt",
        "Why the price of flour rose twice in one week, and what bakers do about it",
        "Mills blame the harvest, bakers blame the mills. A look at the invoices tells a third story.",
    ],
    [
        "Economy",
        "Aiko Brandt",
        "The last toll booth on the coast road closes",
        "Its keeper counted eleven million cars by hand. The notebooks go to the museum.",
    ],
    [
        "Science",
        "Ravi Menon",
        "Storks now winter on the city’s warm rooftops",
        "Ring data from a decade shows that one bird in four no longer flies south at all.",
    ],
    [
        "Culture",
        "Noor Haddad",
        "An orchard choir sings its last winter in the old glasshouse",
        "For forty years the singers met among lemon trees. The roof goes in January, the tenors say they will stay.",
    ],
    [
        "science",
        "Ravi Menon and the observatory",
        "A comet that should not exist passes tonight",
        "Look north-east an hour after sunset; binoculars are enough.",
    ],
];

const ARABIC_MORNING: &[[&str; 4]] = &[
    [
        "ثقافة",
        "ليلى حدّاد",
        "الجسر القديم يفتح أبوابه للمشاة بعد عشر سنوات من الترميم",
        "عاد الجسر الحجري إلى أهله صباح اليوم، وقال المهندسون إن 12 قوسًا أُعيد بناؤها حجرًا حجرًا وفق رسوم عام 1897.",
    ],
    [
        "سياسة",
        "سامر الخوري",
        "المجلس يصوّت الليلة على ميزانية المدارس",
        "تزيد الميزانية الجديدة رواتب المعلمين بنسبة 4 في المئة وتؤجل بناء ثلاث مدارس في الضاحية.",
    ],
    [
        "سياسة",
        "Anna Weber",
        "مفاوضات المياه تعود إلى نقطة البداية",
        "بعد عامين من المحادثات لم يتفق الطرفان إلا على موعد الجولة المقبلة في الربيع.",
    ],
    [
        "اقتصاد",
        "هدى منصور",
        "أسعار الزيتون ترتفع قبل موسم العصر",
        "يتوقع المزارعون محصولًا أقل بالثلث، وتقول المعاصر إن الجودة أفضل من العام الماضي.",
    ],
    [
        "ثقافة",
        "ليلى حدّاد",
        "مكتبة متنقلة تجوب القرى على ظهر شاحنة بريد",
        "تحمل الشاحنة 2,400 كتاب، وتقف في كل قرية ساعة واحدة.",
    ],
    [
        "ثقافة",
        "نور حدّاد",
        "جوقة البستان تغني شتاءها الأخير في البيت الزجاجي",
        "أربعون عامًا اجتمع المغنون بين أشجار الليمون. يُرفع السقف في يناير.",
    ],
];

fn arabic_story(number: i64, [section, author, title, summary]: [&str; 4]) -> Article {
    let mut article = written(number, section, author, title, summary);
    article.content.language = Some("ar".to_owned());
    article.content.direction = Direction::Rtl;
    article
}
