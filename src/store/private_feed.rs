//! Private newsletters as their readers open them: whether they still may, and the feed that each of them can have.
//!
//! A feed is there as long as its row is, its subscription is active, and that is the subscription for which it was made:
//! however a subscription ends, its feed ends with it, and another one brings no old address back.

use sqlx::FromRow;

use super::{Error, Store};
use crate::model::newsletter::NewsletterId;
use crate::model::subscriber::{PrivateFeedId, SubscriberId};
use crate::model::time::Timestamp;

const ACCESS: &str = "SELECT n.slug AS newsletter, EXISTS (SELECT 1 FROM subscription s
        WHERE s.newsletter_id = n.id AND s.subscriber_id = $1 AND s.state = 'active') AS is_active
    FROM newsletter n WHERE n.id = $2";
const FIND: &str = "SELECT f.newsletter_id FROM private_feed f JOIN subscription s
        ON s.newsletter_id = f.newsletter_id AND s.subscriber_id = f.subscriber_id
    WHERE f.id = $1 AND f.subscriber_id = $2 AND s.state = 'active' AND s.confirmed_at <= f.made_at";
const OF_READER: &str = "SELECT f.newsletter_id, f.id FROM private_feed f JOIN subscription s
        ON s.newsletter_id = f.newsletter_id AND s.subscriber_id = f.subscriber_id
    WHERE f.subscriber_id = $1 AND s.state = 'active' AND s.confirmed_at <= f.made_at";
const COUNT: &str = "SELECT count(*) FROM private_feed f JOIN subscription s
        ON s.newsletter_id = f.newsletter_id AND s.subscriber_id = f.subscriber_id
    WHERE f.newsletter_id = $1 AND s.state = 'active' AND s.confirmed_at <= f.made_at";
const MAKE: &str = "INSERT INTO private_feed (subscriber_id, newsletter_id, made_at)
    SELECT subscriber_id, newsletter_id, $3 FROM subscription
    WHERE subscriber_id = $1 AND newsletter_id = $2 AND state = 'active'";
const END: &str = "DELETE FROM private_feed WHERE subscriber_id = $1 AND newsletter_id = $2";
const END_ALL: &str = "DELETE FROM private_feed WHERE newsletter_id = $1";

/// What a link for a reader of a private newsletter opens.
#[derive(Clone, Debug, PartialEq, Eq, FromRow)]
pub struct Access {
    /// The newsletter's name in addresses.
    pub newsletter: String,
    /// Whether the reader is subscribed.
    pub is_active: bool,
}

impl Store {
    /// How a reader stands to a newsletter; `None` if there has never been one of this row.
    pub async fn find_access(
        &self,
        reader: SubscriberId,
        newsletter: NewsletterId,
    ) -> Result<Option<Access>, Error> {
        Ok(sqlx::query_as(ACCESS).bind(reader).bind(newsletter).fetch_optional(&self.read).await?)
    }

    /// Of which newsletter a reader's own feed is; `None` if it has ended.
    pub async fn find_private_feed(
        &self,
        reader: SubscriberId,
        feed: PrivateFeedId,
    ) -> Result<Option<NewsletterId>, Error> {
        Ok(sqlx::query_scalar(FIND).bind(feed).bind(reader).fetch_optional(&self.read).await?)
    }

    /// The feeds that a reader has, each with its newsletter.
    pub async fn private_feeds_of(
        &self,
        reader: SubscriberId,
    ) -> Result<Vec<(NewsletterId, PrivateFeedId)>, Error> {
        Ok(sqlx::query_as(OF_READER).bind(reader).fetch_all(&self.read).await?)
    }

    /// How many readers of a newsletter have a feed of it.
    pub async fn count_private_feeds(&self, newsletter: NewsletterId) -> Result<i64, Error> {
        Ok(sqlx::query_scalar(COUNT).bind(newsletter).fetch_one(&self.read).await?)
    }

    /// Gives a reader who is subscribed a feed of a newsletter, in the place of the one that they have. Returns false if they are
    /// not subscribed.
    pub async fn make_private_feed(
        &self,
        reader: SubscriberId,
        newsletter: NewsletterId,
        now: Timestamp,
    ) -> Result<bool, Error> {
        let mut transaction = self.write.begin().await?;
        sqlx::query(END).bind(reader).bind(newsletter).execute(&mut *transaction).await?;
        let make = sqlx::query(MAKE).bind(reader).bind(newsletter).bind(now);
        let is_made = make.execute(&mut *transaction).await?.rows_affected() > 0;
        transaction.commit().await?;
        Ok(is_made)
    }

    /// Ends a reader's feed of a newsletter. Returns false if there is none.
    pub async fn end_private_feed(
        &self,
        reader: SubscriberId,
        newsletter: NewsletterId,
    ) -> Result<bool, Error> {
        let query = sqlx::query(END).bind(reader).bind(newsletter);
        Ok(self.write.execute(query).await?.rows_affected() > 0)
    }

    /// Ends all feeds of a newsletter. Returns how many.
    pub async fn end_private_feeds(&self, newsletter: NewsletterId) -> Result<u64, Error> {
        Ok(self.write.execute(sqlx::query(END_ALL).bind(newsletter)).await?.rows_affected())
    }
}
