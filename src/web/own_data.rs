//! What readers do with their own data: have it, have their address changed, have it erased.
//!
//! A digest may be passed on, and its link shows nobody's data. This takes a link that was mailed for it.

use axum::Json;
use axum::http::header;
use axum::response::{Html, IntoResponse, Response};
use serde::Serialize;

use super::client::Client;
use super::manage::{Form, Visit};
use super::subscribe::PACE;
use super::{Error, Web};
use crate::model::subscriber::EmailAddress;
use crate::model::time::Timestamp;
use crate::render::page::{Notice, Personal};
use crate::store::{AddressChange, Consent, ListedDelivery, Report, Subscription, Suppression};

/// How many deliveries, and how many reports, a reader is given, the newest first: a daily newsletter's of 27 years.
const MOST: i64 = 10_000;

/// All that is known about a reader.
#[derive(Serialize)]
struct OwnData {
    address: String,
    name: Option<String>,
    language: Option<String>,
    known_since: Timestamp,
    subscriptions: Vec<Subscription>,
    consent: Vec<Consent>,
    suppression: Option<Suppression>,
    address_change: Option<ChangeOfAddress>,
    deliveries: Vec<ListedDelivery>,
    reports: Vec<Report>,
}

/// A change of address that is not over.
#[derive(Serialize)]
struct ChangeOfAddress {
    old_address: String,
    new_address: String,
    asked_at: Timestamp,
    changed_at: Option<Timestamp>,
}

impl From<AddressChange> for ChangeOfAddress {
    fn from(change: AddressChange) -> Self {
        Self {
            old_address: change.old_address.as_str().to_owned(),
            new_address: change.new_address.as_str().to_owned(),
            asked_at: change.asked_at,
            changed_at: change.changed_at,
        }
    }
}

impl Web {
    /// Answers a form about a reader's own data; `None` for any other form.
    pub(super) async fn change_data(
        &self,
        visit: &Visit,
        form: &Form,
        client: Client,
    ) -> Result<Option<Response>, Error> {
        let is_private = visit.newsletter.is_none();
        Ok(Some(match form.act.as_str() {
            "link" => {
                self.admit(client).await?;
                self.mail_link(&visit.subscriber.address, Some(&visit.language)).await?
            }
            "download" if is_private => self.own_data(visit).await?,
            "change" if is_private => {
                self.admit(client).await?;
                match form.address.parse() {
                    Ok(address) => self.change_address(visit, &address).await?,
                    Err(_) => self.refused(visit, form, None).await?,
                }
            }
            "erase" if is_private => self.say(visit, Personal::Erasing(&visit.token)),
            "erase_all" if is_private => {
                self.0.store.forget(&visit.subscriber.address, self.0.clock.now()).await?;
                self.say(visit, Personal::Erased)
            }
            _ => return Ok(None),
        }))
    }

    async fn own_data(&self, visit: &Visit) -> Result<Response, Error> {
        let (store, reader) = (&self.0.store, &visit.subscriber);
        let change = store.address_change_of(reader.id).await?;
        let data = OwnData {
            address: reader.address.as_str().to_owned(),
            name: reader.name.clone(),
            language: reader.language.clone(),
            known_since: reader.created_at,
            subscriptions: store.subscriptions(reader.id).await?,
            consent: store.consents(reader.id).await?,
            suppression: store.suppression_of(&reader.address).await?,
            address_change: change.map(ChangeOfAddress::from),
            deliveries: store.deliveries_to(reader.id, MOST).await?,
            reports: store.reports_of(reader.id, MOST).await?,
        };
        let head = [(header::CONTENT_DISPOSITION, "attachment; filename=\"my-data.json\"")];
        Ok((head, Json(data)).into_response())
    }

    /// The answer is the same whether or not anybody has the new address, and takes as long.
    async fn change_address(&self, visit: &Visit, address: &EmailAddress) -> Result<Response, Error> {
        let request = self.0.store.request_address_change(visit.subscriber.id, address, self.0.clock.now());
        let (outcome, ()) = tokio::join!(request, tokio::time::sleep(PACE));
        if !outcome? {
            return Err(Error::TooMany);
        }
        self.0.bell.notify_one();
        Ok(self.say(visit, Personal::ChangeAsked))
    }

    fn say(&self, visit: &Visit, personal: Personal<'_>) -> Response {
        let notice = Notice::Personal(personal);
        Html(self.settings().site.notice(&notice, Some(&visit.language))).into_response()
    }
}
