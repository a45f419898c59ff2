//! Notices: the mails with one link that readers ask for on the pages, apart from confirmations.

use super::office::Office;
use super::single::{self, Handed};
use crate::jobs::Settings;
use crate::mail::mould::Letter;
use crate::mail::reply::Reply;
use crate::model::newsletter::NewsletterId;
use crate::model::time::Timestamp;
use crate::model::token::{LINK_HOLDS, Token};
use crate::render::confirmation::{self, Wish};
use crate::store::{DueNotice, NoticeKind, Store};

/// Sends what is due, and no more than `limit`. Returns how many were ended, and the relay's words if it takes nothing
/// now.
pub(super) async fn send_due(
    store: &Store,
    settings: &Settings,
    (office, limit): (&Office, usize),
    now: Timestamp,
) -> anyhow::Result<(usize, Option<Reply>)> {
    let mut sent = 0;
    for due in store.due_notices(now, single::most(limit)?).await? {
        let letter = letter(store, settings, &due, now)?;
        let reply = match single::hand_over(store, settings, office, (&due.address, &letter), now).await? {
            Handed::Answered(reply) => reply,
            Handed::NoRelay(reply) => return Ok((sent, Some(reply))),
        };
        match single::next_attempt(reply.outcome(), due.attempt, now) {
            Some(at) => store.put_off_notice(due.id, at).await?,
            None => store.remove_notice(due.id).await?,
        }
        sent += 1;
    }
    Ok((sent, None))
}

fn letter(store: &Store, settings: &Settings, due: &DueNotice, now: Timestamp) -> anyhow::Result<Letter> {
    if let (NoticeKind::StillWanted, Some(id)) = (due.kind, due.newsletter_id) {
        return question(store, settings, (due, id), now);
    }
    let (publication, reader) = (&settings.publication, due.subscriber_id);
    let change = due.change_id.filter(|_| due.kind != NoticeKind::Link);
    let (wish, page, token) = match (due.kind, change) {
        (NoticeKind::NewAddress, Some(id)) => (Wish::NewAddress, "address", Token::NewAddress(reader, id)),
        (NoticeKind::OldAddress, Some(id)) => (Wish::OldAddress, "address", Token::OldAddress(reader, id)),
        _ => (Wish::Link, "manage", Token::Personal(reader, now + LINK_HOLDS)),
    };
    let link = publication.link(&format!("{page}/{}", store.key().sign(token)));
    let language = publication.language_for(due.language.as_deref());
    let text = confirmation::render_wish(publication, wish, language, &link)?;
    let name = format!("notice {}", due.id);
    single::letter(store, settings, (&due.address, &name), (&text, language), now)
}

/// The question whether a newsletter is still wanted, in the language of its reader or else its own.
fn question(
    store: &Store,
    settings: &Settings,
    (due, id): (&DueNotice, NewsletterId),
    now: Timestamp,
) -> anyhow::Result<Letter> {
    let publication = &settings.publication;
    let slug = due.newsletter.as_deref().unwrap_or_default();
    let newsletter = settings.newsletters.iter().find(|own| own.slug.as_str() == slug);
    let title = newsletter.map_or(publication.title.as_str(), |own| &own.title);
    let own = newsletter.map(|own| own.language.as_str());
    let language = publication.language_for(due.language.as_deref().into_iter().chain(own));
    let token = store.key().sign(Token::Keep(due.subscriber_id, id));
    let link = publication.link(&format!("keep/{token}"));
    let text = confirmation::render_question(publication, title, language, &link)?;
    let name = format!("notice {}", due.id);
    single::letter(store, settings, (&due.address, &name), (&text, language), now)
}
