//! The links that confirm a new address and that keep the old one: pages with one button, which posts.

use axum::Router;
use axum::extract::{Path, State};
use axum::response::Html;
use axum::routing::get;

use super::{Error, Web};
use crate::model::subscriber::{AddressChangeId, SubscriberId};
use crate::model::token::Token;
use crate::render::page::{Notice, Personal};
use crate::store::Changed;

pub fn router() -> Router<Web> {
    Router::new().route("/address/{token}", get(ask).post(answer))
}

/// Which change a link is about, and whether it confirms or stops it.
struct Errand {
    reader: SubscriberId,
    change: AddressChangeId,
    confirms: bool,
}

/// Shows the button. Mail scanners open every link, so that opening it changes nothing.
async fn ask(State(web): State<Web>, Path(token): Path<String>) -> Result<Html<String>, Error> {
    let errand = web.errand(&token)?;
    let found = web.0.store.find_address_change(errand.reader, errand.change).await?;
    let (change, now) = (found.ok_or(Error::LinkOver)?, web.0.clock.now());
    let (site, language) = (&web.settings().site, web.language_for(errand.reader, "").await?);
    match errand.confirms {
        true if change.can_be_confirmed(now) => {
            let personal = Personal::Confirm(change.new_address.as_str(), &token);
            Ok(Html(site.notice(&Notice::Personal(personal), Some(&language))))
        }
        false if change.can_be_stopped(now) => {
            Ok(Html(site.notice(&Notice::Personal(Personal::Keep(&token)), Some(&language))))
        }
        _ => Err(Error::LinkOver),
    }
}

async fn answer(State(web): State<Web>, Path(token): Path<String>) -> Result<Html<String>, Error> {
    let Errand { reader, change, confirms } = web.errand(&token)?;
    let (store, now) = (&web.0.store, web.0.clock.now());
    let changed = if confirms {
        store.confirm_address_change(reader, change, now).await?
    } else {
        store.stop_address_change(reader, change, now).await?
    };
    let personal = match changed {
        Changed::Done if confirms => Personal::Changed,
        Changed::Done => Personal::Kept,
        Changed::Taken => Personal::Taken,
        Changed::Over => return Err(Error::LinkOver),
    };
    let language = web.language_for(reader, "").await?;
    Ok(Html(web.settings().site.notice(&Notice::Personal(personal), Some(&language))))
}

impl Web {
    fn errand(&self, token: &str) -> Result<Errand, Error> {
        match self.0.store.key().verify(token) {
            Some(Token::NewAddress(reader, change)) => Ok(Errand { reader, change, confirms: true }),
            Some(Token::OldAddress(reader, change)) => Ok(Errand { reader, change, confirms: false }),
            _ => Err(Error::BadLink),
        }
    }
}
