//! `[[podcast]]`: feeds that are listed as podcasts.

use url::Url;

use super::problem::Fault;
use super::publication::{LONGEST_TITLE, web_address};
use super::section::Section;
use super::suggest::nearest;
use super::text::Text;
use crate::model::article::label_key;
use crate::model::podcast::{CATEGORIES, Heard, Podcast};
use crate::model::subscriber::EmailAddress;

/// The keys of `[[podcast]]`.
pub(super) const KEYS: &[&str] = &[
    "newsletter",
    "tag",
    "author",
    "email",
    "image",
    "category",
    "subcategory",
    "explicit",
    "locked",
    "guid",
];

/// How long a label may be, in characters.
const LONGEST_LABEL: usize = 100;

/// The podcasts of newsletters that there are, by their slugs, and of tags. Those of private newsletters are in no directory.
pub(super) fn read(root: &Section<'_>, newsletters: &[&str], private: &[&str]) -> Vec<Podcast> {
    let sections = root.sections("podcast", "tag", |_| KEYS);
    let mut podcasts: Vec<Podcast> = Vec::new();
    for section in &sections {
        let Some(podcast) = one(section, newsletters) else { continue };
        if matches!(&podcast.of, Heard::Newsletter(slug) if private.contains(&slug.as_str())) {
            let fault = Fault::new("directories cannot list a private newsletter");
            section.note(
                "newsletter",
                fault.help("take this [[podcast]] away, or private = true of the newsletter"),
            );
        }
        if podcasts.iter().any(|other| other.of == podcast.of) {
            let fault = Fault::new("there is another [[podcast]] of the same feed");
            section.note_absent(fault.help("take one of them away"));
        }
        podcasts.push(podcast);
    }
    podcasts
}

fn one(section: &Section<'_>, newsletters: &[&str]) -> Option<Podcast> {
    let of = heard(section, newsletters);
    let author = section.parsed("author", |text| text.line(LONGEST_TITLE));
    let email = section.parsed("email", |text| {
        text.as_str().parse::<EmailAddress>().map_err(|error| text.fault(&error))?;
        Ok(text.as_str().to_owned())
    });
    let image = section.required("image", "image = \"https://courier.example.org/cover.jpg\"", image);
    let category = section.required("category", "category = \"News\"", category);
    let subcategory = section.parsed("subcategory", |text| text.line(LONGEST_LABEL));
    let explicit = section.flag("explicit").unwrap_or_default();
    let locked = section.flag("locked").unwrap_or(true);
    let guid = section.parsed("guid", guid);
    Some(Podcast {
        of: of?,
        author,
        email,
        image: image?,
        category: category?,
        subcategory,
        explicit,
        locked,
        guid,
    })
}

fn heard(section: &Section<'_>, newsletters: &[&str]) -> Option<Heard> {
    let newsletter = section.parsed("newsletter", |text| {
        let is_known = newsletters.contains(&text.as_str());
        is_known.then(|| Heard::Newsletter(text.as_str().to_owned())).ok_or_else(|| {
            let help = nearest(text.as_str(), newsletters.iter().copied());
            let help = help.map(|meant| format!("did you mean \"{meant}\"?"));
            Fault::new(format!("there is no newsletter {}", text.shown()))
                .help(help.unwrap_or_else(|| "name the slug of one of your [[newsletter]] tables".to_owned()))
        })
    });
    let tag = section.parsed("tag", |text| Ok(Heard::Tag(label_key(&text.line(LONGEST_LABEL)?))));
    if section.has("newsletter") == section.has("tag") {
        let fault = Fault::new("a podcast is the feed of one newsletter or of one tag");
        section.note_absent(fault.help("write newsletter = \"daily\" or tag = \"podcast\", and not both"));
    }
    newsletter.or(tag)
}

fn image(text: &Text) -> Result<Url, Fault> {
    let url = web_address(text)?;
    let path = url.path().to_ascii_lowercase();
    if [".jpg", ".jpeg", ".png"].iter().any(|ending| path.ends_with(ending)) {
        return Ok(url);
    }
    Err(Fault::new("directories of podcasts take a JPEG or a PNG")
        .help("name a square picture of 1400 to 3000 pixels that ends with .jpg or .png"))
}

fn category(text: &Text) -> Result<String, Fault> {
    if CATEGORIES.contains(&text.as_str()) {
        return Ok(text.as_str().to_owned());
    }
    let help = match nearest(text.as_str(), CATEGORIES.iter().copied()) {
        Some(meant) => format!("did you mean \"{meant}\"?"),
        None => format!("write one of {}", CATEGORIES.join(", ")),
    };
    Err(Fault::new(format!("{} is none of Apple's categories", text.shown())).help(help))
}

/// A UUID with its hyphens.
fn guid(text: &Text) -> Result<String, Fault> {
    let lengths: Vec<usize> = text.as_str().split('-').map(str::len).collect();
    let is_hex = text.as_str().bytes().all(|byte| byte.is_ascii_hexdigit() || byte == b'-');
    if lengths == [8, 4, 4, 4, 12] && is_hex {
        return Ok(text.as_str().to_ascii_lowercase());
    }
    Err(Fault::new("this is not a UUID")
        .help("write the <podcast:guid> that the podcast had before, or take the key away"))
}
