//! Markers that are set ahead of their turn: which are asked for next, and which of them there are.

use std::collections::VecDeque;

use super::desk::{Item, Mark};
use crate::model::time::Timestamp;
use crate::store::{Attempt, Granted};

/// The attempts among the first so many in the queue that are not marked yet.
pub(super) fn to_mark(queue: &VecDeque<Item>, most: usize, now: Timestamp) -> Vec<Attempt> {
    let unmarked = queue.iter().take(most).filter(|item| item.mark.is_none());
    unmarked.filter(|item| !item.parcel.is_too_old(now)).map(|item| item.attempt).collect()
}

/// Notes in the queue which of these markers the writer has set; items that were refused one leave.
///
/// What a connection has taken meanwhile is not found: it asks for its marker itself.
pub(super) fn note(queue: &mut VecDeque<Item>, asked: &[Attempt], granted: &Granted, write: u64) {
    let Some(granted_in) = granted.snapshot else { return };
    let is_granted = |item: &Item| granted.attempts.contains(&item.attempt);
    for item in queue.iter_mut().filter(|item| item.mark.is_none() && is_granted(item)) {
        item.mark = Some(Mark { write, granted_in });
    }
    if asked.iter().any(|attempt| !granted.attempts.contains(attempt)) {
        queue.retain(|item| is_granted(item) || !asked.contains(&item.attempt));
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;
    use std::time::Duration;

    use super::*;
    use crate::jobs::sender::desk::{Address, Count, Counted};
    use crate::jobs::sender::parcel::Parcel;
    use crate::jobs::sender::stop_loss::StopLoss;
    use crate::mail::mould::Mould;
    use crate::mail::relay::Envelope;
    use crate::model::delivery::{RetryPolicy, UncertainPolicy};
    use crate::model::edition::EditionId;
    use crate::model::newsletter::NewsletterId;
    use crate::model::subscriber::{EmailAddress, SubscriberId};
    use crate::store::{DeliveryKey, Exchange, Store};

    const NOW: Timestamp = Timestamp::from_unix(1_790_000_000);

    fn parcel() -> Arc<Parcel> {
        Arc::new(Parcel {
            edition: EditionId(1),
            newsletter: NewsletterId(1),
            tick: NOW,
            mould: Mould::cast("Subject: News\r\n", "News", "<p>News</p>"),
            retries: RetryPolicy { delays: vec![Duration::from_mins(1)], age_limit: Duration::from_hours(1) },
            send_until: None,
            uncertain: UncertainPolicy::default(),
            stop_loss: StopLoss::new(false),
        })
    }

    fn item(parcel: &Arc<Parcel>, subscriber: i64) -> Item {
        let key = DeliveryKey { edition: parcel.edition, subscriber: SubscriberId(subscriber) };
        let to: EmailAddress = "ada@example.org".parse().unwrap();
        let envelope = Envelope::new(&to, &to, 1000).unwrap();
        let counted = || Counted::one_of(&Arc::default());
        Item {
            attempt: Attempt { key, number: 1 },
            address: Arc::new(Address { to, envelope, message_id: "1".to_owned() }),
            parcel: Arc::clone(parcel),
            mark: None,
            count: Count { _of_all: counted(), _of_relay: counted() },
            relay: 1,
            provider: None,
            _share: None,
            seat: None,
        }
    }

    /// What the writer grants if it grants all.
    async fn all(asked: &[Attempt]) -> Granted {
        let directory = tempfile::tempdir().unwrap();
        let store = Store::open(&directory.path().join("courant.db"), NOW).await.unwrap();
        let mut nothing = Exchange { is_ahead: true, ..Exchange::default() };
        let granted = store.exchange(&mut nothing, NOW).await.unwrap();
        store.close().await;
        Granted { attempts: asked.iter().copied().collect(), ..granted }
    }

    fn subscribers(attempts: &[Attempt]) -> Vec<i64> {
        attempts.iter().map(|attempt| attempt.key.subscriber.0).collect()
    }

    #[tokio::test]
    async fn a_marker_is_asked_for_once_however_many_before_it_are_set() {
        let parcel = parcel();
        let mut queue: VecDeque<_> = (1..=6).map(|subscriber| item(&parcel, subscriber)).collect();
        let first = to_mark(&queue, 4, NOW);
        assert_eq!(subscribers(&first), [1, 2, 3, 4]);
        note(&mut queue, &first, &all(&first).await, 1);
        queue.pop_front();
        let second = to_mark(&queue, 4, NOW);
        assert_eq!(subscribers(&second), [5]);
        note(&mut queue, &second, &all(&second).await, 2);
        assert_eq!(subscribers(&to_mark(&queue, 4, NOW)), [0; 0]);
        assert_eq!(queue[3].mark.unwrap().write, 2);
    }

    #[tokio::test]
    async fn what_was_refused_a_marker_leaves_the_queue() {
        let parcel = parcel();
        let mut queue: VecDeque<_> = (1..=3).map(|subscriber| item(&parcel, subscriber)).collect();
        let asked = to_mark(&queue, 2, NOW);
        note(&mut queue, &asked, &all(&asked[..1]).await, 1);
        let left: Vec<_> = queue.iter().map(|item| item.attempt).collect();
        assert_eq!(subscribers(&left), [1, 3]);
    }
}
