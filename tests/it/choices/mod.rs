//! What readers choose: topics, rhythm, hour. The rules are in `docs/choices.md`.

mod commands;
mod groups;
mod histories;
mod pages;
mod parts;
mod pauses;

use courant::config::zones::Zones;
use courant::model::newsletter::Newsletter;
use courant::model::shape::{Choices, Rhythm, Shape, Wish};
use courant::model::subscriber::{EmailAddress, SubscriberId};
use courant::store::Wanted;
use jiff::civil::Weekday;

use crate::support::app::{TestApp, daily};
use crate::support::article;

/// Monday, before the day's edition.
const START: &str = "2026-03-02T00:00:00+01:00";

/// A daily newsletter at seven in Paris, of which readers may choose all that can be chosen.
pub fn choosy() -> Newsletter {
    let topics = ["Politics", "Culture", "Sport"].map(str::to_owned).to_vec();
    let rhythms = vec![Rhythm::EachArticle, Rhythm::Daily, Rhythm::Weekly];
    let choices = Choices { topics, rhythms, has_hours: true, weekly_on: Weekday::Friday };
    Newsletter { choices: Some(choices), ..daily() }
}

/// A shape in words: `daily 8 Asia/Kathmandu`, then topics.
pub fn shape(rhythm: &str, topics: &[&str]) -> Shape {
    let mut words = rhythm.split(' ').map(str::to_owned);
    let wish = Wish {
        topics: topics.iter().map(|topic| (*topic).to_owned()).collect(),
        rhythm: words.next(),
        hour: words.next(),
        time_zone: words.next(),
    };
    wish.shape(&choosy(), |name| Zones::built_in().zone_or_names(name)).unwrap()
}

/// A reader who has confirmed, and chose when they signed up.
pub async fn subscribe(app: &TestApp, name: &str, chosen: &Shape) -> SubscriberId {
    let address: EmailAddress = format!("{name}@example.org").parse().unwrap();
    let wanted = Wanted { newsletter: app.standing("daily").await.id, shape: Some(chosen) };
    app.store.request_subscriptions(&address, &[wanted], "form", app.clock.now()).await.unwrap();
    let id = app.store.find_subscriber(&address).await.unwrap().unwrap().id;
    app.store.confirm_subscriptions(id, "confirmation page", app.clock.now()).await.unwrap();
    id
}

async fn choose(app: &TestApp, reader: SubscriberId, chosen: &Shape) -> bool {
    let whose = (reader, app.standing("daily").await.id);
    app.store.set_shape(whose, chosen, "manage page", app.clock.now()).await.unwrap()
}

/// The CMS publishes an article with these tags, or gives it other ones.
async fn publish(app: &TestApp, title: &str, tags: &[&str]) {
    let mut content = article::article(1, title).content;
    content.published_at = Some(app.clock.now());
    content.url = None;
    content.tags = tags.iter().map(|tag| (*tag).to_owned()).collect();
    app.store.save_articles("cms", &[(title.to_owned(), content)], app.clock.now()).await.unwrap();
}

/// The mails of a reader, the oldest first: what each held.
pub async fn had(app: &TestApp, reader: SubscriberId) -> Vec<Vec<String>> {
    let mut mails = Vec::new();
    for delivery in app.store.deliveries_to(reader, 1000).await.unwrap().iter().rev() {
        let name = delivery.edition_name();
        let number = name.split_once('/').unwrap().1.parse().unwrap();
        let edition = app.store.find_edition_by_number("daily", number).await.unwrap().unwrap();
        let articles = app.store.articles_of_edition(edition.id).await.unwrap();
        mails.push(articles.into_iter().map(|article| article.content.title).collect());
    }
    mails
}

/// The moments for which a reader had editions, in UTC, the oldest first.
async fn ticks(app: &TestApp, reader: SubscriberId) -> Vec<String> {
    let deliveries = app.store.deliveries_to(reader, 1000).await.unwrap();
    deliveries.iter().rev().map(|delivery| delivery.tick.to_string()).collect()
}
