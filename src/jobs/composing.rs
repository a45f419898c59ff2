//! What an edition holds, and its digest: of a newsletter's own editions, and of those of its groups.

use jiff::tz::TimeZone;

use super::Settings;
use super::publisher::Purpose;
use crate::model::article::{Article, ArticleId};
use crate::model::edition::EditionNumber;
use crate::model::newsletter::{Newsletter, NewsletterId};
use crate::model::privacy::PublicSources;
use crate::model::story::Twin;
use crate::model::time::Timestamp;
use crate::render::digest;
use crate::render::letter::Letter;
use crate::store::{Group, Sight, Store};

/// What an edition is, before it has articles.
pub(super) struct Issue<'a> {
    pub settings: &'a Settings,
    pub newsletter: &'a Newsletter,
    pub newsletter_id: NewsletterId,
    pub number: EditionNumber,
    pub zone: TimeZone,
    pub tick: Timestamp,
    pub purpose: Purpose,
}

impl<'a> Issue<'a> {
    /// The next edition to a group.
    pub(super) fn of_group(
        settings: &'a Settings,
        newsletter: &'a Newsletter,
        group: &Group,
        tick: Timestamp,
    ) -> Self {
        let number = EditionNumber { group: group.id, number: group.last_number + 1 };
        let zone = group.shape.zone(newsletter, |name| settings.zones.zone(name).ok());
        let (newsletter_id, purpose) = (group.newsletter_id, Purpose::Edition);
        Self { settings, newsletter, newsletter_id, number, zone, tick, purpose }
    }
}

/// A digest with what it is made of.
pub(super) struct Composed {
    /// In the order of the digest.
    pub articles: Vec<Article>,
    pub twins: Vec<Twin>,
    pub letter: Letter,
}

/// The digest of the articles of these rows; there are `new` in all.
pub(super) async fn composed(
    store: &Store,
    issue: &Issue<'_>,
    rows: &[ArticleId],
    new: usize,
) -> anyhow::Result<Composed> {
    let newsletter = issue.newsletter;
    let mut articles = store.articles_by_id(rows).await?;
    articles.sort_by_key(|article| std::cmp::Reverse((article.dated(), article.id)));
    let mut twins = store.twins(rows).await?;
    twins.retain(|twin| newsletter.choice.takes_from(&twin.source));
    let related = match articles.first() {
        Some(lead) if newsletter.related > 0 => {
            let public = PublicSources::of(&issue.settings.newsletters);
            let sight = Sight::of_readers(newsletter, issue.newsletter_id, public);
            store.related_articles(lead, rows, newsletter.related, &sight).await?
        }
        _ => Vec::new(),
    };
    // A private newsletter's links are its readers' own: one that is the same for all would lead nowhere.
    let is_counted =
        issue.purpose == Purpose::Edition && issue.settings.publication.counts && !newsletter.is_private;
    let counted = is_counted.then(|| digest::Counting { key: store.key(), newsletter: issue.newsletter_id });
    let letter = digest::render(&digest::Edition {
        publication: &issue.settings.publication,
        newsletter,
        number: issue.number,
        zone: &issue.zone,
        tick: issue.tick,
        articles: &articles,
        related: &related,
        twins: &twins,
        more: new.saturating_sub(articles.len()),
        counted,
        is_test: issue.purpose == Purpose::Test,
    })?;
    Ok(Composed { articles, twins, letter })
}
