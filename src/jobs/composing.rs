//! What an edition holds, and its digest: of a newsletter's own editions, and of those of its groups.

use anyhow::Context as _;
use jiff::tz::TimeZone;

use super::Settings;
use crate::model::article::{Article, ArticleId};
use crate::model::edition::EditionNumber;
use crate::model::newsletter::Newsletter;
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
    pub number: EditionNumber,
    pub zone: TimeZone,
    pub tick: Timestamp,
    pub is_test: bool,
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
        Self { settings, newsletter, number, zone, tick, is_test: false }
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
            let sight = readers(store, issue).await?;
            store.related_articles(lead, rows, newsletter.related, &sight).await?
        }
        _ => Vec::new(),
    };
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
        is_test: issue.is_test,
    })?;
    Ok(Composed { articles, twins, letter })
}

/// What the readers of a newsletter are shown.
async fn readers(store: &Store, issue: &Issue<'_>) -> anyhow::Result<Sight> {
    let newsletter = issue.newsletter;
    let standing = store.find_newsletter(newsletter.slug.as_str()).await?.context("it has no row")?;
    let public = PublicSources::of(&issue.settings.newsletters);
    Ok(Sight::of_readers(newsletter, standing.id, public))
}
