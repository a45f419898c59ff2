//! The page on which readers manage what they get, by the link in every digest; and their data, by one that is mailed to them.
//!
//! Opening it changes nothing: mail scanners open every link. What its forms post changes one thing and leads back to it.

use std::collections::HashMap;

use axum::Router;
use axum::body::Bytes;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{Html, IntoResponse, Redirect, Response};
use axum::routing::get;

use super::client::Client;
use super::unsubscribe::PAGE;
use super::{Error, Settings, Web};
use crate::model::consent::{Proof, network};
use crate::model::newsletter::{Newsletter, NewsletterId};
use crate::model::pause;
use crate::model::shape::{NotOffered, Shape, Wish};
use crate::model::subscriber::{SubscriberId, SubscriptionState};
use crate::model::text::{line, shorten};
use crate::model::time::Timestamp;
use crate::model::token::{LINK_HOLDS, Token};
use crate::render::page::{Farewell, Held, Keys, Managed, Standing};
use crate::store::{ASK_WHY, Subscriber, Subscription, UNDO};

/// Where the word of a reader comes from who changes something here. A mail still asks them to confirm what they ask for.
const MANAGE_PAGE: &str = "manage page";

/// How much a reader may say about why they left, in graphemes.
const WHY: usize = 200;

pub fn router() -> Router<Web> {
    Router::new().route("/manage/{token}", get(show).post(change))
}

/// What a form posts.
#[derive(Default)]
pub(super) struct Form {
    pub act: String,
    newsletter: String,
    until: String,
    why: String,
    pub address: String,
    wish: Wish,
    catch_up: String,
}

/// What a form asks for, about a newsletter that there is.
enum Act {
    Subscribe(NewsletterId),
    Leave(NewsletterId),
    Undo(NewsletterId),
    Explain(NewsletterId, String),
    Pause(Vec<(NewsletterId, Timestamp)>),
    /// What it misses is sent after it.
    PauseAndCatchUp(NewsletterId, Timestamp),
    Resume(NewsletterId),
    /// Their own feed of a private newsletter: made, or given another address.
    Feed(NewsletterId),
    EndFeed(NewsletterId),
    Shape(NewsletterId, Shape),
}

/// Why a form was not taken.
enum Refusal {
    /// No form of ours says this.
    Strange,
    /// The day is none on which a pause may end.
    Day,
    /// What is chosen is not offered.
    NotOffered(NotOffered),
}

/// Who came by which link.
pub(super) struct Visit {
    pub token: String,
    pub subscriber: Subscriber,
    /// The newsletter whose digest had the link. A personal link is in no digest: nobody else has it.
    pub newsletter: Option<NewsletterId>,
    /// In which the page is.
    pub language: String,
}

impl Visit {
    /// Whether who has this link may have what opens a private newsletter: a digest of another one may have been passed on.
    fn may_open(&self, newsletter: NewsletterId) -> bool {
        self.newsletter.is_none_or(|own| own == newsletter)
    }
}

async fn show(State(web): State<Web>, Path(token): Path<String>) -> Result<Html<String>, Error> {
    let visit = web.visit(token).await?;
    Ok(Html(web.managed(&visit, None, None).await?))
}

async fn change(
    State(web): State<Web>,
    client: Client,
    Path(token): Path<String>,
    body: Bytes,
) -> Result<Response, Error> {
    let visit = web.visit(token).await?;
    let (form, settings) = (Form::read(&body), web.settings());
    if let Some(answer) = web.change_data(&visit, &form, client).await? {
        return Ok(answer);
    }
    let act = match web.understand(&form, &settings).await? {
        Ok(act) => act,
        Err(Refusal::Strange) => return Err(Error::BadRequest),
        Err(Refusal::Day) => {
            return web.refused(&visit, &form, None).await;
        }
        Err(Refusal::NotOffered(wrong)) => return web.refused(&visit, &form, Some(&wrong)).await,
    };
    if matches!(act, Act::Feed(own) | Act::EndFeed(own) if !visit.may_open(own)) {
        return Err(Error::BadRequest);
    }
    let network = network(client.0);
    let chosen = match &act {
        Act::Pause(_) | Act::PauseAndCatchUp(..) => form.until.clone(),
        Act::Shape(_, shape) => shape.to_string(),
        _ => String::new(),
    };
    let text = settings.site.managing_wording((&form.newsletter, &chosen), &visit.language);
    let proof = Proof { form: MANAGE_PAGE, text: &text, network: Some(&network), language: None };
    web.act(visit.subscriber.id, act, proof).await?;
    // Whoever loads the page again changes nothing again.
    let page = settings.site.manage_path(&visit.token);
    let place = settings.site.newsletter(&form.newsletter).map_or("", |newsletter| newsletter.slug.as_str());
    Ok(Redirect::to(&format!("{page}#at-{place}")).into_response())
}

impl Form {
    fn read(body: &[u8]) -> Self {
        let mut form = Self::default();
        for (name, value) in url::form_urlencoded::parse(body) {
            let field = match name.as_ref() {
                "act" => &mut form.act,
                "newsletter" => &mut form.newsletter,
                "until" => &mut form.until,
                "why" => &mut form.why,
                "catch_up" => &mut form.catch_up,
                "address" => &mut form.address,
                name => {
                    form.wish.read(name, &value);
                    continue;
                }
            };
            *field = value.into_owned();
        }
        form
    }
}

impl Web {
    /// Who came by this link.
    async fn visit(&self, token: String) -> Result<Visit, Error> {
        let store = &self.0.store;
        let (reader, newsletter) = match store.key().verify(&token) {
            Some(Token::Subscription(reader, newsletter)) => (reader, Some(newsletter)),
            Some(Token::Personal(reader, until)) => {
                let since = store.links_hold_since(reader).await?;
                if until <= self.0.clock.now() || since.is_some_and(|since| until - LINK_HOLDS <= since) {
                    return Err(Error::LinkOver);
                }
                (reader, None)
            }
            _ => return Err(Error::BadLink),
        };
        let subscriber = store.find_subscriber_by_id(reader).await?.ok_or(Error::BadLink)?;
        let subscriptions = store.subscriptions(reader).await?;
        let own = subscriptions.iter().find(|own| Some(own.newsletter_id) == newsletter);
        let language = self.language_for(reader, own.map_or("", |own| &own.newsletter)).await?;
        Ok(Visit { token, subscriber, newsletter, language })
    }

    /// The page again, with what is wrong in the form.
    pub(super) async fn refused(
        &self,
        visit: &Visit,
        form: &Form,
        wrong: Option<&NotOffered>,
    ) -> Result<Response, Error> {
        let page = self.managed(visit, Some(form), wrong).await?;
        Ok((StatusCode::BAD_REQUEST, Html(page)).into_response())
    }

    /// The page as it stands now, with the form that was not taken.
    async fn managed(
        &self,
        visit: &Visit,
        refused: Option<&Form>,
        wrong: Option<&NotOffered>,
    ) -> Result<String, Error> {
        let (store, settings, now) = (&self.0.store, self.settings(), self.0.clock.now());
        let address = &visit.subscriber.address;
        let subscriptions = store.subscriptions(visit.subscriber.id).await?;
        let keys = self.keys(visit, &subscriptions, &settings).await?;
        let held = settings.site.newsletters.iter().map(|newsletter| {
            let own = subscriptions.iter().find(|own| own.newsletter == newsletter.slug.as_str());
            let wants = own.and_then(|own| own.wants.0.as_ref());
            let keys = own.and_then(|own| keys.get(&own.newsletter_id));
            Held { newsletter, standing: standing(own, now), wants, keys }
        });
        let whose = |form: &'_ Form| (form.act == "pause").then(|| form.newsletter.clone());
        let is_address_refused = refused.is_some_and(|form| form.act == "change");
        let not_offered =
            refused.zip(wrong).map(|(form, wrong)| (form.newsletter.as_str(), &form.wish, wrong));
        let refused = refused.filter(|_| !is_address_refused && not_offered.is_none());
        let refused = refused.map(|form| (whose(form), form.until.clone()));
        Ok(settings.site.manage(&Managed {
            token: &visit.token,
            language: &visit.language,
            held: held.collect(),
            address: visit.newsletter.is_none().then(|| address.as_str()),
            is_address_refused,
            not_offered,
            is_suppressed: store.find_suppression(address).await?.is_some(),
            refused: refused.as_ref().map(|(whose, day)| (whose.as_deref(), day.as_str())),
            now,
        }))
    }

    /// How a reader opens the private newsletters that they have.
    async fn keys(
        &self,
        visit: &Visit,
        subscriptions: &[Subscription],
        settings: &Settings,
    ) -> Result<HashMap<NewsletterId, Keys>, Error> {
        let (store, reader) = (&self.0.store, visit.subscriber.id);
        let is_private = |own: &&Subscription| {
            let newsletter = settings.site.newsletter(&own.newsletter);
            own.state == SubscriptionState::Active
                && newsletter.is_some_and(|newsletter| newsletter.is_private)
        };
        let private: Vec<NewsletterId> =
            subscriptions.iter().filter(is_private).map(|own| own.newsletter_id).collect();
        if private.is_empty() {
            return Ok(HashMap::new());
        }
        let feeds = store.private_feeds_of(reader).await?;
        let keys = |newsletter: NewsletterId| {
            if !visit.may_open(newsletter) {
                return Keys::Elsewhere;
            }
            let own = feeds.iter().find(|(of, _)| *of == newsletter);
            Keys::Here {
                reader: store.key().sign(Token::Reader(reader, newsletter)),
                feed: own.map(|(_, feed)| store.key().sign(Token::Feed(reader, *feed))),
            }
        };
        Ok(private.into_iter().map(|newsletter| (newsletter, keys(newsletter))).collect())
    }

    /// What a form asks for.
    async fn understand(&self, form: &Form, settings: &Settings) -> Result<Result<Act, Refusal>, Error> {
        let newsletters: Vec<&Newsletter> = if form.act == "pause_all" {
            settings.site.newsletters.iter().collect()
        } else {
            settings.site.newsletter(&form.newsletter).into_iter().collect()
        };
        let mut rows = Vec::with_capacity(newsletters.len());
        for newsletter in &newsletters {
            rows.extend(self.0.store.find_newsletter(newsletter.slug.as_str()).await?.map(|own| own.id));
        }
        let Some(&first) = rows.first().filter(|_| rows.len() == newsletters.len()) else {
            return Ok(Err(Refusal::Strange));
        };
        Ok(match form.act.as_str() {
            "subscribe" => Ok(Act::Subscribe(first)),
            "leave" => Ok(Act::Leave(first)),
            "undo" => Ok(Act::Undo(first)),
            "why" => Ok(Act::Explain(first, shorten(&line(&form.why), WHY))),
            "resume" => Ok(Act::Resume(first)),
            "feed" if newsletters[0].is_private => Ok(Act::Feed(first)),
            "end_feed" => Ok(Act::EndFeed(first)),
            "shape" => {
                let shape = form.wish.shape(newsletters[0], |name| settings.zones.zone_or_names(name));
                shape.map(|shape| Act::Shape(first, shape)).map_err(Refusal::NotOffered)
            }
            "pause" | "pause_all" => {
                let now = self.0.clock.now();
                let ends = newsletters.iter().map(|own| pause::end(&form.until, own.time_zone(), now));
                let ends: Option<Vec<Timestamp>> = ends.collect();
                let catches_up = !form.catch_up.is_empty() && newsletters[0].choices.is_some();
                ends.map(|ends| match ends.as_slice() {
                    [end] if catches_up => Act::PauseAndCatchUp(first, *end),
                    _ => Act::Pause(rows.into_iter().zip(ends).collect()),
                })
                .ok_or(Refusal::Day)
            }
            _ => Err(Refusal::Strange),
        })
    }

    async fn act(&self, reader: SubscriberId, act: Act, proof: Proof<'_>) -> Result<(), Error> {
        let (store, now) = (&self.0.store, self.0.clock.now());
        match act {
            Act::Subscribe(newsletter) => {
                let subscriber = store.find_subscriber_by_id(reader).await?.ok_or(Error::BadLink)?;
                store.request_subscriptions(&subscriber.address, &[newsletter], proof, now).await?;
                self.0.bell.notify_one();
            }
            Act::Leave(newsletter) => {
                store.end_subscription(reader, newsletter, PAGE, now).await?;
            }
            Act::Undo(newsletter) => {
                store.take_back_farewell(reader, newsletter, proof, now).await?;
            }
            Act::Explain(newsletter, why) if !why.is_empty() => {
                store.record_reason((reader, newsletter), &why, now).await?;
            }
            Act::Explain(..) => {}
            Act::Pause(pauses) => store.pause_subscriptions(reader, &pauses, proof, now).await?,
            Act::Shape(newsletter, shape) => {
                store.set_shape((reader, newsletter), &shape, proof, now).await?;
            }
            Act::PauseAndCatchUp(newsletter, until) => {
                store.pause_and_catch_up(reader, (newsletter, until), proof, now).await?;
            }
            Act::Feed(newsletter) => {
                store.make_private_feed(reader, newsletter, now).await?;
            }
            Act::EndFeed(newsletter) => {
                store.end_private_feed(reader, newsletter).await?;
            }
            Act::Resume(newsletter) => store.resume_subscriptions(reader, &[newsletter], proof, now).await?,
        }
        Ok(())
    }
}

/// Where a newsletter stands for a reader.
fn standing(own: Option<&Subscription>, now: Timestamp) -> Standing {
    let Some(own) = own else { return Standing::Absent };
    match (own.state, own.paused_until, own.ended_at) {
        (SubscriptionState::Pending, ..) => Standing::Pending,
        (SubscriptionState::Active, Some(pause::UNTIL_THEY_SAY), _) => Standing::Asleep,
        (SubscriptionState::Active, Some(until), _) if until > now => Standing::Paused(until),
        (SubscriptionState::Active, ..) => Standing::Active,
        (SubscriptionState::Ended, _, Some(at)) if own.ended_by.as_deref() == Some(PAGE) => {
            let asks_why = (at > now - ASK_WHY).then_some(own.ended_why.is_some());
            Standing::Left(Farewell { can_undo: at > now - UNDO, reason: asks_why })
        }
        (SubscriptionState::Ended, ..) => Standing::Left(Farewell { can_undo: false, reason: None }),
    }
}
