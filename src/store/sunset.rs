//! Whether readers still want what they get: asked after a long time, and paused where nobody answers

use serde::Serialize;
use sqlx::FromRow;

use super::{Error, Store, consent, notice, subscription};
use crate::model::consent::{ConsentAct, NO_ANSWER, Proof};
use crate::model::newsletter::NewsletterId;
use crate::model::pause;
use crate::model::subscriber::SubscriberId;
use crate::model::sunset::{MOST_QUESTIONS, Sunset};
use crate::model::time::Timestamp;

/// Who has not said for so long that they want it, and was not asked, or not for so long; nobody is asked twice in one mail.
const DUE: &str = "SELECT t.subscriber_id, t.questions FROM subscription t
    JOIN subscriber s ON s.id = t.subscriber_id
    WHERE t.newsletter_id = $1 AND t.state = 'active' AND coalesce(t.paused_until, 0) <= $2
      AND (t.questions = 0 AND coalesce(t.wanted_at, t.confirmed_at) <= $3 OR t.questions > 0 AND t.asked_at <= $4)
      AND NOT EXISTS (SELECT 1 FROM notice n WHERE n.subscriber_id = t.subscriber_id AND n.kind = 'still_wanted')
      AND NOT EXISTS (SELECT 1 FROM suppression x WHERE x.address_hash = s.address_hash)
    ORDER BY t.subscriber_id LIMIT $5";
const NOTE: &str = "UPDATE subscription SET asked_at = $3, questions = questions + 1
    WHERE subscriber_id = $1 AND newsletter_id = $2";
const KEEP: &str = "UPDATE subscription SET paused_until = NULL
    WHERE subscriber_id = $1 AND newsletter_id = $2 AND paused_until = $3";
const COUNT: &str =
    "SELECT count(*) FILTER (WHERE questions > 0 AND coalesce(paused_until, 0) < $2) AS asked,
        count(*) FILTER (WHERE paused_until = $2) AS paused
    FROM subscription WHERE newsletter_id = $1 AND state = 'active'";

/// How many readers of a newsletter were asked and have not answered yet.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, FromRow, Serialize)]
pub struct Unanswered {
    /// It is sent to them.
    pub asked: i64,
    /// It is paused for them.
    pub paused: i64,
}

impl Unanswered {
    /// In words; `None` where nobody was asked.
    pub fn told(self) -> Option<String> {
        let Self { asked, paused } = self;
        (self != Self::default()).then(|| {
            format!("still wanted? asked and not answered yet: {asked}; paused without an answer: {paused}")
        })
    }
}

#[derive(FromRow)]
struct Due {
    subscriber_id: SubscriberId,
    questions: u32,
}

impl Store {
    /// Asks readers of a newsletter whether they still want it, and pauses it for those who were asked and have not
    /// answered: `limit` of them at most. Returns how many.
    pub async fn ask_who_still_wants(
        &self,
        newsletter: NewsletterId,
        (sunset, limit): (Sunset, i64),
        now: Timestamp,
    ) -> Result<usize, Error> {
        let mut transaction = self.write.begin().await?;
        let query = sqlx::query_as(DUE).bind(newsletter).bind(now).bind(now - sunset.after);
        let query = query.bind(now - sunset.patience).bind(limit);
        let due: Vec<Due> = query.fetch_all(&mut *transaction).await?;
        for Due { subscriber_id: reader, questions } in &due {
            if *questions >= MOST_QUESTIONS {
                let proof = Proof::from(NO_ANSWER);
                subscription::pause(
                    &mut transaction,
                    (*reader, newsletter),
                    pause::UNTIL_THEY_SAY,
                    proof,
                    now,
                )
                .await?;
            } else {
                sqlx::query(NOTE).bind(reader).bind(newsletter).bind(now).execute(&mut *transaction).await?;
                notice::ask(&mut transaction, (*reader, newsletter), now).await?;
            }
        }
        transaction.commit().await?;
        Ok(due.len())
    }

    /// A reader says that they still want a newsletter. A pause that began because they had not said so is over.
    pub async fn keep_subscription(
        &self,
        (reader, newsletter): (SubscriberId, NewsletterId),
        proof: Proof<'_>,
        now: Timestamp,
    ) -> Result<(), Error> {
        let mut transaction = self.write.begin().await?;
        let query = sqlx::query(KEEP).bind(reader).bind(newsletter).bind(pause::UNTIL_THEY_SAY);
        query.execute(&mut *transaction).await?;
        consent::record(&mut transaction, (reader, newsletter), ConsentAct::Kept, proof, now).await?;
        Ok(transaction.commit().await?)
    }

    /// How many readers of a newsletter were asked and have not answered yet.
    pub async fn count_unanswered(&self, newsletter: NewsletterId) -> Result<Unanswered, Error> {
        let query = sqlx::query_as(COUNT).bind(newsletter).bind(pause::UNTIL_THEY_SAY);
        Ok(query.fetch_one(&self.read).await?)
    }
}
