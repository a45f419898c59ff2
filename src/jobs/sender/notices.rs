//! Notices: the mails with one link that readers ask for on the pages, apart from confirmations.

use super::confirmations::{envelope, is_given_up, pause};
use super::office::Office;
use crate::jobs::Settings;
use crate::jobs::mailing;
use crate::mail::mould::{Letter, Slots};
use crate::mail::reply::{Reply, Stage};
use crate::model::delivery::Outcome;
use crate::model::time::Timestamp;
use crate::model::token::{LINK_HOLDS, Token};
use crate::render::confirmation::{self, Wish};
use crate::store::{DueNotice, NoticeKind, Store};

/// How many are sent in one step.
const MOST: usize = 20;

/// Sends what is due, and no more than `limit`. Returns how many were ended, and the relay's words if it takes nothing
/// now.
pub(super) async fn send_due(
    store: &Store,
    settings: &Settings,
    (office, limit): (&Office, usize),
    now: Timestamp,
) -> anyhow::Result<(usize, Option<Reply>)> {
    let mut sent = 0;
    for due in store.due_notices(now, i64::try_from(MOST.min(limit))?).await? {
        let letter = letter(store, settings, &due, now)?;
        let sending = mailing::sending(settings)?;
        let reply = office.relay.send(&envelope(sending, &due.address, &letter)?, &letter).await;
        for handed in office.handed(&reply, now) {
            store.count_handed(&handed).await?;
        }
        if reply.stage() <= Stage::Mail && reply.outcome() == Outcome::Deferred {
            return Ok((sent, Some(reply)));
        }
        match reply.outcome() {
            Outcome::Deferred | Outcome::Unknown if !is_given_up(due.attempt) => {
                store.put_off_notice(due.id, now + pause(due.attempt)).await?;
            }
            _ => store.remove_notice(due.id).await?,
        }
        sent += 1;
    }
    Ok((sent, None))
}

fn letter(store: &Store, settings: &Settings, due: &DueNotice, now: Timestamp) -> anyhow::Result<Letter> {
    let (publication, reader) = (&settings.publication, due.subscriber_id);
    let change = due.change_id.filter(|_| due.kind != NoticeKind::Link);
    let (wish, page, token) = match (due.kind, change) {
        (NoticeKind::NewAddress, Some(id)) => (Wish::NewAddress, "address", Token::NewAddress(reader, id)),
        (NoticeKind::OldAddress, Some(id)) => (Wish::OldAddress, "address", Token::OldAddress(reader, id)),
        _ => (Wish::Link, "manage", Token::Personal(reader, now + LINK_HOLDS)),
    };
    let link = publication.link(&format!("{page}/{}", store.key().sign(token)));
    let language = due.language.as_deref().unwrap_or(&publication.language);
    let text = confirmation::render_wish(publication, wish, language, &link)?;
    let mould = mailing::plain(settings, &text, language, now)?;
    let hash = store.key().hash(&format!("notice {} {}", due.id, now.as_unix()));
    let message_id = data_encoding::HEXLOWER.encode(&hash[..16]);
    let mut letter = Letter::default();
    mould.cut(&Slots { to: &due.address, message_id: &message_id, token: "" }, &mut letter)?;
    Ok(letter)
}
