//! Publishing to a group: an edition once for each tick and mark.

use sqlx::SqliteConnection;

use super::{Error, GroupCandidates, Store};
use crate::model::edition::EditionId;
use crate::model::shape::GroupId;
use crate::model::time::Timestamp;
use crate::store::edition::{self, Edition, NewEdition, Place};

const RAISE_NUMBER: &str =
    "UPDATE reader_group SET last_number = last_number + 1 WHERE id = $1 AND last_number = $2";
const INSERT_ARTICLE: &str = "INSERT INTO edition_article (edition_id, position, article_id)
    SELECT $1, $2, id FROM article WHERE id = $3 AND retracted_at IS NULL";
const FORGET_BODIES: &str = "UPDATE edition SET html = '', text = '' WHERE id IN (
    SELECT id FROM edition WHERE group_id > 0 AND html <> '' AND finished_at < $1 LIMIT 1000)";

impl Store {
    /// Publishes an edition to the readers of a group with one mark, and queues their deliveries: as [`Store::publish`], all
    /// or nothing, and with more parts to follow where they are many.
    ///
    /// Returns `None` if the group has had another edition since the candidates were read, or these readers theirs of this
    /// tick.
    pub async fn publish_to_group(
        &self,
        candidates: &GroupCandidates,
        edition: &NewEdition<'_>,
        now: Timestamp,
    ) -> Result<Option<Edition>, Error> {
        let GroupCandidates { group, mark, next_mark, .. } = candidates;
        let mut transaction = self.write.begin().await?;
        if !raise_number(&mut transaction, (group.id, group.last_number)).await? {
            return Ok(None);
        }
        let place = Place {
            newsletter: group.newsletter_id,
            group: group.id,
            number: group.last_number + 1,
            mark: mark.position,
            own_number: mark.own_number,
            next_mark: *next_mark,
        };
        let Some(id) = edition::insert(&mut transaction, &place, edition, now).await? else {
            return Ok(None);
        };
        if !insert_articles(&mut transaction, edition, id).await? {
            return Ok(None);
        }
        edition::queue_first(&mut transaction, id, edition.waves).await?;
        transaction.commit().await?;
        self.find_edition(id).await
    }

    /// Forgets the digests of groups' editions that have been sent before `before`: their pages are made from the articles.
    pub async fn forget_group_bodies(&self, before: Timestamp) -> Result<u64, Error> {
        Ok(self.write.execute(sqlx::query(FORGET_BODIES).bind(before)).await?.rows_affected())
    }
}

async fn raise_number(
    connection: &mut SqliteConnection,
    (group, last): (GroupId, i64),
) -> Result<bool, sqlx::Error> {
    let query = sqlx::query(RAISE_NUMBER).bind(group).bind(last);
    Ok(query.execute(connection).await?.rows_affected() == 1)
}

/// Enters the articles of an edition. Returns false if one of them was retracted meanwhile.
async fn insert_articles(
    connection: &mut SqliteConnection,
    edition: &NewEdition<'_>,
    id: EditionId,
) -> Result<bool, sqlx::Error> {
    for (position, article) in (1_i64..).zip(edition.articles) {
        let query = sqlx::query(INSERT_ARTICLE).bind(id).bind(position).bind(article);
        if query.execute(&mut *connection).await?.rows_affected() == 0 {
            return Ok(false);
        }
    }
    Ok(true)
}
