//! Private newsletters: what strangers see of them, which is nothing, and how their readers open them.

mod commands;
mod feeds;
mod links;
mod strangers;

use courant::mail::inbox::Behaviour;
use courant::model::article::Content;
use courant::model::newsletter::Newsletter;
use courant::model::subscriber::SubscriberId;
use courant::model::token::Token;

use crate::support::app::{TestApp, daily, newsletter};
use crate::support::article;

const NOW: &str = "2026-03-02T05:00:00Z";
const AFTER_TICK: &str = "2026-03-02T06:05:00Z";

const SECRET: &str = "Old lighthouse lamp found in the vault";
const SLUG: &str = "old-lighthouse-lamp-found-in-the-vault";

/// Whatever of the private article must be nowhere in public: headline, name in addresses, author, tag, a word of its text, source.
const MARKS: [&str; 6] = [SECRET, SLUG, "Mata Brandt", "Cellar", "zebrawood", "backroom"];

/// A public newsletter of one source, and a private one of another.
fn newsletters() -> Vec<Newsletter> {
    let mut open = Newsletter { related: 3, ..daily() };
    open.choice.sources = vec!["cms".to_owned()];
    let mut closed = Newsletter { is_private: true, ..newsletter("insiders", "0 7 * * *", "Europe/Paris") };
    "The Insiders".clone_into(&mut closed.title);
    closed.description = Some("What others do not read".to_owned());
    closed.choice.sources = vec!["Backroom".to_owned()];
    vec![open, closed]
}

fn story(number: i64, title: &str, source_tag: &str) -> (String, Content) {
    let content =
        Content { tags: vec![source_tag.to_owned()], url: None, ..article::article(number, title).content };
    (number.to_string(), content)
}

/// Several public articles, one of which is like the private one.
async fn fill(app: &TestApp) {
    let titles = [
        "Bakers raise the price of bread",
        "Harbour bridge opens after repairs",
        "Night ferry loses its licence",
        "Library lends out seeds",
        "Lighthouse lamp returns to the lighthouse",
    ];
    let public: Vec<_> = (1..).zip(titles).map(|(number, title)| story(number, title, "Town")).collect();
    app.store.save_articles("cms", &public, app.clock.now()).await.unwrap();
    let (id, secret) = story(9, SECRET, "Cellar");
    let text = "The lighthouse lamp lies in a chest of zebrawood.".to_owned();
    let html = format!("<p>{text}</p>");
    let secret =
        Content { authors: vec!["Mata Brandt".to_owned()], summary: text.clone(), html, text, ..secret };
    app.store.save_articles("backroom", &[(id, secret)], app.clock.now()).await.unwrap();
}

async fn app_of(newsletters: Vec<Newsletter>) -> TestApp {
    let app = TestApp::start_with_relay(newsletters, NOW, Behaviour::default()).await;
    fill(&app).await;
    app
}

/// After the first edition of both newsletters.
async fn app() -> TestApp {
    let app = app_of(newsletters()).await;
    app.advance_to(AFTER_TICK).await;
    app
}

impl TestApp {
    /// The path by which the digest of a private newsletter leads its reader to the editions.
    async fn private_path(&self, reader: SubscriberId, newsletter: &str) -> String {
        let token = Token::Reader(reader, self.standing(newsletter).await.id);
        format!("/private/{}", self.store.key().sign(token))
    }
}
