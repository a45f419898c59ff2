//! A file of Markdown as an article: what Hugo, Zola and Jekyll mean by its name and its fields.

use std::borrow::Cow;
use std::path::Path;

use url::Url;

use super::fields::Fields;
use super::front;
use crate::extract::date;
use crate::model::article::{RawArticle, RawBody};
use crate::model::time::Timestamp;

/// What a file is.
#[derive(Debug)]
pub enum Read {
    /// An article, and what there is to say of how it was read.
    Article(Box<RawArticle>, Vec<String>),
    /// A draft, or what is not published any more.
    Unpublished,
}

/// A file's name, taken apart.
struct Name {
    /// Its path without extension, and without the `index` of a bundle: its identity.
    id: String,
    /// The last part of it, without a date and a language.
    slug: String,
    /// `2026-03-03-title.md`, as Jekyll writes it.
    date: Option<String>,
    /// `title.fr.md`, as Hugo and Zola write it.
    language: Option<String>,
    /// Whether it lies in `_posts`, as Jekyll has it.
    is_post: bool,
}

/// Reads a file that lies at `path` below the folder; `base_url` is where the folder stands on the web.
///
/// # Errors
/// With what is wrong with its front matter, or missing in it.
pub fn read(file: &str, path: &Path, base_url: Option<&Url>, now: Timestamp) -> Result<Read, String> {
    let (fields, text) = front::split(file)?;
    let fields = Fields(fields);
    if !fields.is_published(now) {
        return Ok(Read::Unpublished);
    }
    let name = Name::of(path);
    let mut notes = Vec::new();
    let body = without_shortcodes(text);
    if let Cow::Owned(_) = body {
        notes.push("shortcodes and template tags were taken out".to_owned());
    }
    let published_at = fields.moment(&["date", "publishdate", "published_at", "pubdate"], &mut notes);
    let published_at = published_at.or_else(|| date::parse(name.date.as_deref()?));
    let (heading, rest) = heading(&body).unzip();
    let title = fields.text(&["title"]).or_else(|| heading.map(str::to_owned)).or_else(|| name.as_title());
    let text = rest.filter(|_| heading == title.as_deref()).unwrap_or(&body).to_owned();
    let url = name.address(&fields, base_url, published_at);
    let article = RawArticle {
        title: Some(title.ok_or("it has neither a title in its front matter nor a heading")?),
        summary: fields.text(&["description", "summary", "excerpt", "lead"]),
        authors: fields.names(&["authors", "author"]),
        biography: fields.biography(),
        tags: fields.tags(),
        image: fields.image(url.as_ref().or(base_url)),
        enclosures: fields.enclosures(url.as_ref().or(base_url)),
        language: fields.text(&["lang", "language", "locale"]).or_else(|| name.language.clone()),
        published_at,
        updated_at: fields
            .moment(&["lastmod", "updated", "modified", "last_modified_at", "updated_at"], &mut notes),
        body: RawBody::Markdown(text),
        url: url.map(String::from),
        external_id: name.id,
    };
    Ok(Read::Article(Box::new(article), notes))
}

impl Name {
    fn of(path: &Path) -> Self {
        let parts: Vec<String> = path.iter().map(|part| part.to_string_lossy().into_owned()).collect();
        let mut parts: Vec<&str> = parts.iter().map(String::as_str).collect();
        let is_post = parts.contains(&"_posts");
        let stem = parts.pop().and_then(|file| file.rsplit_once('.')).map_or("", |(stem, _)| stem);
        let (stem, language) = match stem.rsplit_once('.') {
            Some((stem, code)) if is_language(code) => (stem, Some(code.to_owned())),
            _ => (stem, None),
        };
        if stem != "index" || parts.is_empty() {
            parts.push(stem);
        }
        let last = parts.last().copied().unwrap_or_default();
        let (date, slug) = match last.split_at_checked(10) {
            Some((day, rest)) if is_day(day) && rest.starts_with(['-', '_']) => {
                (Some(day.to_owned()), &rest[1..])
            }
            _ => (None, last),
        };
        let suffix = language.as_ref().map(|language| format!(".{language}")).unwrap_or_default();
        Self { id: parts.join("/") + &suffix, slug: slug.to_owned(), date, language, is_post }
    }

    /// A title made of the file's name, where the name is one that was given to a post.
    fn as_title(&self) -> Option<String> {
        let words = self.slug.replace(['-', '_'], " ");
        let mut letters = words.trim().chars();
        let first = letters.next().filter(|_| self.date.is_some())?;
        Some(first.to_uppercase().chain(letters).collect())
    }

    /// The folders it lies in, as they are in its address.
    fn directory(&self) -> Vec<&str> {
        let mut parts: Vec<&str> = self.id.split('/').filter(|part| *part != "_posts").collect();
        parts.pop();
        parts
    }
}

/// The address of a file, where `url` or `permalink` says it, or the folder's own address is known.
impl Name {
    fn address(&self, fields: &Fields, base: Option<&Url>, published_at: Option<Timestamp>) -> Option<Url> {
        let given = fields.text(&["url", "permalink"]);
        if let Some(url) = given.as_deref().and_then(|given| Url::parse(given).ok()) {
            return matches!(url.scheme(), "http" | "https").then_some(url);
        }
        let mut base = base?.clone();
        if !base.path().ends_with('/') {
            base.set_path(&format!("{}/", base.path()));
        }
        let path =
            given.filter(|given| !given.contains(':')).unwrap_or_else(|| self.path(fields, published_at));
        base.join(path.trim_start_matches('/')).ok()
    }

    /// The path that the generators give a page by default.
    fn path(&self, fields: &Fields, published_at: Option<Timestamp>) -> String {
        let slug = fields.text(&["slug"]).unwrap_or_else(|| self.slug.clone());
        let mut parts = self.directory();
        if !self.is_post {
            parts.extend([slug.as_str(), ""]);
            return parts.join("/");
        }
        let day = published_at.map(|at| at.to_string()).unwrap_or_default();
        let day = day.split('T').next().unwrap_or_default().replace('-', "/");
        let file = format!("{slug}.html");
        let categories = fields.categories();
        parts.extend(categories.iter().map(String::as_str));
        parts.extend([day.as_str(), file.as_str()].into_iter().filter(|part| !part.is_empty()));
        parts.join("/")
    }
}

fn is_day(text: &str) -> bool {
    let is_right = |(index, byte): (usize, u8)| match index {
        4 | 7 => byte == b'-',
        _ => byte.is_ascii_digit(),
    };
    text.len() == 10 && text.bytes().enumerate().all(is_right)
}

fn is_language(code: &str) -> bool {
    let (primary, region) = code.split_once(['-', '_']).unwrap_or((code, "xx"));
    let is_short =
        |part: &str| (2..=4).contains(&part.len()) && part.bytes().all(|byte| byte.is_ascii_alphanumeric());
    (2..=3).contains(&primary.len())
        && primary.bytes().all(|byte| byte.is_ascii_lowercase())
        && is_short(region)
}

/// The first heading of the text, if it is of the first level and nothing stands before it, and the rest.
fn heading(text: &str) -> Option<(&str, &str)> {
    let (line, rest) = text.trim_start().split_once('\n').unwrap_or((text.trim_start(), ""));
    let title = line.strip_prefix("# ")?.trim().trim_end_matches('#').trim();
    (!title.is_empty()).then_some((title, rest))
}

/// The text without the tags of Hugo, Zola and Liquid, outside of code: a reader would see them as they are.
fn without_shortcodes(text: &str) -> Cow<'_, str> {
    if !text.contains("{{") && !text.contains("{%") {
        return Cow::Borrowed(text);
    }
    let mut kept = String::with_capacity(text.len());
    let mut fence: Option<&str> = None;
    for line in text.split_inclusive('\n') {
        let mark = ["```", "~~~"].into_iter().find(|mark| line.trim_start().starts_with(mark));
        match (fence, mark) {
            (None, Some(_)) => fence = mark,
            (Some(open), Some(mark)) if open == mark => fence = None,
            _ => {}
        }
        if fence.is_some() || mark.is_some() { kept.push_str(line) } else { take_out_tags(line, &mut kept) }
    }
    if kept == text { Cow::Borrowed(text) } else { Cow::Owned(kept) }
}

fn take_out_tags(line: &str, kept: &mut String) {
    let mut rest = line;
    while let Some(at) = rest.find("{{").into_iter().chain(rest.find("{%")).min() {
        let close = if rest[at..].starts_with("{{") { "}}" } else { "%}" };
        let is_code = rest[..at].matches('`').count() % 2 == 1;
        let end = rest[at..].find(close).map(|length| at + length + 2);
        let Some(end) = end.filter(|_| !is_code) else {
            let (before, after) = rest.split_at(at + 2);
            kept.push_str(before);
            rest = after;
            continue;
        };
        kept.push_str(&rest[..at]);
        rest = &rest[end..];
    }
    kept.push_str(rest);
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const NOW: Timestamp = Timestamp::from_unix(1_790_000_000);

    fn article(file: &str, path: &str) -> RawArticle {
        let base = Url::parse("https://courier.example/notes").unwrap();
        match read(file, Path::new(path), Some(&base), NOW).unwrap() {
            Read::Article(article, _) => *article,
            Read::Unpublished => panic!("{path} is a draft"),
        }
    }

    #[test]
    fn hugo_is_read() {
        let file = "---\ntitle: The bridge\ndate: 2026-03-03T07:00:00+01:00\nlastmod: 2026-03-04\ntags: [roads, Rivers]\n\
            categories:\n  - politics\nauthor:\n  name: Ada\ndescription: It opens.\nimages: [lead.jpg]\nslug: bridge-opens\n---\nText";
        let article = article(file, "posts/bridge/index.fr.md");
        assert_eq!(article.external_id, "posts/bridge.fr");
        assert_eq!(article.url.as_deref(), Some("https://courier.example/notes/posts/bridge-opens/"));
        assert_eq!(article.tags, ["roads", "Rivers", "politics"]);
        assert_eq!((article.authors, article.language.as_deref()), (vec!["Ada".to_owned()], Some("fr")));
        assert_eq!(article.published_at, Some("2026-03-03T06:00:00Z".parse().unwrap()));
        assert_eq!(article.updated_at, Some("2026-03-04T00:00:00Z".parse().unwrap()));
        assert_eq!(article.image.unwrap().url, "https://courier.example/notes/posts/bridge-opens/lead.jpg");
    }

    #[test]
    fn who_wrote_it_is_told_beside_the_name_or_in_a_field_of_its_own() {
        for author in [
            "author:\n  name: Ada\n  bio: She writes.",
            "authors:\n  - name: Ada\n    description: She writes.\n  - Grace",
            "author: Ada\nbiography: She writes.",
            "author: Ada\nparams:\n  author_bio: She writes.",
        ] {
            let article = article(&format!("---\ntitle: The bridge\n{author}\n---\nText"), "bridge.md");
            assert_eq!(article.biography.as_deref(), Some("She writes."), "{author}");
            assert_eq!(article.authors[0], "Ada");
        }
    }

    #[test]
    fn zola_is_read() {
        let file = "+++\ntitle = 'The bridge'\ndate = 2026-03-03\nauthors = ['Ada', 'Grace']\n[taxonomies]\ntags = ['roads']\n\
            [extra]\nimage = '/lead.jpg'\n+++\nText";
        let article = article(file, "bridge.md");
        assert_eq!(article.url.as_deref(), Some("https://courier.example/notes/bridge/"));
        assert_eq!((article.tags, article.authors.len()), (vec!["roads".to_owned()], 2));
        assert_eq!(article.image.unwrap().url, "https://courier.example/lead.jpg");
    }

    #[test]
    fn jekyll_is_read() {
        let file = "---\nlayout: post\ncategories: news local\n---\n{% include top.html %}Text {{ page.x }}\n```\n{{ code }}\n```\n";
        let article = article(file, "_posts/2026-03-03-the-bridge.md");
        assert_eq!(article.title.as_deref(), Some("The bridge"));
        assert_eq!(article.published_at, Some("2026-03-03T00:00:00Z".parse().unwrap()));
        assert_eq!(
            article.url.as_deref(),
            Some("https://courier.example/notes/news/local/2026/03/03/the-bridge.html")
        );
        assert_eq!(article.tags, ["news", "local"]);
        assert!(matches!(article.body, RawBody::Markdown(body) if body == "Text \n```\n{{ code }}\n```\n"));
    }

    #[test]
    fn a_file_without_front_matter_is_named_by_its_heading() {
        let article = article("# The bridge #\n\nText", "a.md");
        assert_eq!(article.title.as_deref(), Some("The bridge"));
        assert!(
            matches!(article.body, RawBody::Markdown(body) if body.trim() == "Text"),
            "the heading is not twice"
        );
        assert!(read("Text", Path::new("a.md"), None, NOW).is_err());
    }

    #[test]
    fn drafts_are_left_out_and_the_future_is_not() {
        for fields in ["draft: true", "published: false", "expiryDate: 2026-01-01", "draft: 'true'"] {
            let file = format!("---\ntitle: A\n{fields}\n---\n");
            assert!(matches!(read(&file, Path::new("a.md"), None, NOW), Ok(Read::Unpublished)), "{fields}");
        }
        assert!(article("---\ntitle: A\ndate: 2090-01-01\n---\n", "a.md").published_at.is_some());
    }

    proptest! {
        #[test]
        fn any_file_is_read(
            text in "(\\{\\{|\\}\\}|\\{%|%\\}|`|\n|```|a|é| ){0,30}",
            path in "(_posts/|2026-03-03-|é|index|\\.fr|a|/|\\.){0,8}\\.md",
        ) {
            let file = format!("---\ntitle: A\n---\n{text}");
            let read = read(&file, Path::new(&path), None, NOW);
            prop_assert!(read.is_ok());
        }
    }
}
