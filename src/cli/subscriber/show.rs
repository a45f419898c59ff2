//! `courant subscriber show`: all that is known about an address.

use std::time::Duration;

use serde::Serialize;

use crate::cli::{Context, Form, Row};
use crate::daemon;
use crate::jobs::Settings;
use crate::jobs::groups::next_tick;
use crate::model::edition::EditionNumber;
use crate::model::pause;
use crate::model::shape::Shape;
use crate::model::subscriber::{EmailAddress, SubscriptionState};
use crate::model::suppression::SuppressionReason;
use crate::model::time::Timestamp;
use crate::store::{DomainFacts, ListedDelivery, Report, Store, Subscription};

/// Arguments of `courant subscriber show`.
#[derive(clap::Args)]
pub(super) struct Args {
    /// The address
    #[arg(value_parser = super::address)]
    address: EmailAddress,
    #[command(flatten)]
    form: Form,
}

#[derive(Serialize)]
struct Shown<'a> {
    address: &'a str,
    known: bool,
    role: bool,
    name: Option<String>,
    since: Option<Timestamp>,
    suppressed: Option<SuppressionReason>,
    mailbox: Option<DomainFacts>,
    subscriptions: Vec<Held>,
    deliveries: Vec<ListedDelivery>,
    reports: Vec<Report>,
}

/// How many editions, and how many reports, are shown, the newest first.
const LATEST: i64 = 20;

/// A tick at the end of a pause is not part of it.
const SECOND: Duration = Duration::from_secs(1);

/// A subscription, and when its reader is written to next.
#[derive(Serialize)]
struct Held {
    #[serde(flatten)]
    subscription: Subscription,
    /// `None` where nothing is due: it is not active, each article is sent as it comes, or the newsletter is not configured.
    next: Option<Timestamp>,
}

impl Held {
    async fn of(
        store: &Store,
        settings: &Settings,
        subscription: Subscription,
        now: Timestamp,
    ) -> anyhow::Result<Self> {
        let newsletter = settings.newsletters.iter().find(|one| one.slug.as_str() == subscription.newsletter);
        let is_active = subscription.state == SubscriptionState::Active;
        let from = subscription.paused_until.map_or(now, |until| now.max(until - SECOND));
        let is_asleep = subscription.paused_until == Some(pause::UNTIL_THEY_SAY);
        let next = match (
            newsletter.filter(|_| is_active && !is_asleep),
            store.find_group(subscription.group).await?,
        ) {
            (None, _) => None,
            (Some(newsletter), None) => newsletter.schedule.next_after(from),
            (Some(newsletter), Some(group)) => next_tick(settings, newsletter, &group, from),
        };
        Ok(Self { subscription, next })
    }

    /// What its reader wants, in words.
    fn wants(&self) -> String {
        self.subscription
            .wants
            .0
            .as_ref()
            .map_or_else(|| "the newsletter as it is".to_owned(), Shape::to_string)
    }
}

impl Row for Held {
    const COLUMNS: &[&str] =
        &["NEWSLETTER", "STATE", "WANTS", "NEXT", "ASKED FOR", "CONFIRMED", "ENDED", "CONSENT"];

    fn cells(&self) -> Vec<String> {
        let Self { subscription, next } = self;
        let moment = |at: Option<Timestamp>| at.map_or_else(String::new, |at| at.to_string());
        let ended = match (&subscription.ended_at, &subscription.ended_by) {
            (Some(at), Some(by)) => {
                let why = subscription.ended_why.as_ref().map_or_else(String::new, |why| format!(": {why}"));
                format!("{at} by {by}{why}")
            }
            (at, _) => moment(*at),
        };
        vec![
            subscription.newsletter.clone(),
            state(subscription),
            self.wants(),
            moment(*next),
            subscription.created_at.to_string(),
            moment(subscription.confirmed_at),
            ended,
            subscription.consent.clone(),
        ]
    }
}

fn state(subscription: &Subscription) -> String {
    let state = subscription.state.as_str();
    let pause = subscription.paused_until.filter(|_| subscription.state == SubscriptionState::Active);
    let feed = subscription.private_feed_since;
    let feed = feed.map_or_else(String::new, |since| format!(", with a feed of their own since {since}"));
    let pause = match (pause, subscription.asked_at) {
        (Some(pause::UNTIL_THEY_SAY), _) => ", paused: no answer whether it is still wanted".to_owned(),
        (None, Some(at)) => format!(", asked at {at} whether it is still wanted"),
        _ => pause.map_or_else(String::new, |until| format!(", but for ticks before {until}")),
    };
    format!("{state}{pause}{feed}")
}

/// Prints all that is known about an address; fails where that is nothing.
pub(super) async fn run(args: &Args, context: &Context) -> anyhow::Result<()> {
    let (config, store) = context.store().await?;
    let settings = daemon::settings(&config);
    let subscriber = store.find_subscriber(&args.address).await?;
    let suppressed = store.find_suppression(&args.address).await?;
    let (subscriptions, deliveries, reports) = match subscriber.as_ref().map(|subscriber| subscriber.id) {
        Some(id) => (
            store.subscriptions(id).await?,
            store.deliveries_to(id, LATEST).await?,
            store.reports_of(id, LATEST).await?,
        ),
        None => (Vec::new(), Vec::new(), Vec::new()),
    };
    let mut held = Vec::with_capacity(subscriptions.len());
    for subscription in subscriptions {
        held.push(Held::of(&store, &settings, subscription, context.clock.now()).await?);
    }
    let domain = subscriber.as_ref().map(|_| args.address.domain());
    let mailbox = match domain {
        Some(domain) => store.find_domain(domain).await?,
        None => None,
    };
    store.close().await;
    let shown = Shown {
        address: subscriber.as_ref().map_or(args.address.as_str(), |subscriber| subscriber.address.as_str()),
        known: subscriber.is_some(),
        role: args.address.is_role(),
        name: subscriber.as_ref().and_then(|subscriber| subscriber.name.clone()),
        since: subscriber.as_ref().map(|subscriber| subscriber.created_at),
        suppressed,
        mailbox,
        subscriptions: held,
        deliveries,
        reports,
    };
    if !shown.known && suppressed.is_none() {
        anyhow::bail!("nothing is known about this address");
    }
    if args.form.json { Ok(context.output.json(&shown)?) } else { print(&shown, context) }
}

fn print(shown: &Shown<'_>, context: &Context) -> anyhow::Result<()> {
    let mut facts = vec![("address", shown.address.to_owned())];
    facts.extend(shown.role.then(|| ("mark", "a role: of a function, and not of a person".to_owned())));
    facts.extend(shown.name.clone().map(|name| ("name", name)));
    facts.extend(shown.since.map(|since| ("since", since.to_string())));
    facts.extend(shown.suppressed.map(|reason| ("suppressed", reason.describe().to_owned())));
    facts.extend(shown.mailbox.as_ref().and_then(provider).map(|provider| ("provider", provider)));
    context.output.facts(&facts)?;
    if shown.known {
        context.output.line("")?;
        context.output.list(Form::default(), &shown.subscriptions, "No subscriptions.")?;
        context.output.line("")?;
        print_deliveries(&shown.deliveries, context)?;
        print_reports(&shown.reports, context)?;
    }
    Ok(())
}

/// Which provider the address has, as far as anything is known of it.
fn provider(mailbox: &DomainFacts) -> Option<String> {
    let DomainFacts { provider, is_named, mx, looked_up_at } = mailbox;
    let mx = mx.as_ref().zip(*looked_up_at).map(|(mx, at)| format!("its mail goes to {mx}, looked up {at}"));
    match (provider, mx) {
        (Some(provider), _) if *is_named => Some(provider.clone()),
        (Some(provider), Some(mx)) => Some(format!("{provider}: {mx}")),
        (Some(provider), None) => Some(provider.clone()),
        (None, mx) => mx.map(|mx| format!("none that is known by name: {mx}")),
    }
}

/// What came back after a relay had taken it, and what followed; nothing where nothing did.
fn print_reports(reports: &[Report], context: &Context) -> anyhow::Result<()> {
    if reports.is_empty() {
        return Ok(());
    }
    context.output.line("")?;
    let columns = ["CAME BACK", "EDITION", "AS", "WHAT FOLLOWED", "THE OTHER SYSTEM'S WORDS"];
    let rows = reports.iter().map(|report| {
        let number = report.group.zip(report.number).map(|(group, number)| EditionNumber { group, number });
        let edition = report.newsletter.as_ref().zip(number);
        vec![
            report.at.to_string(),
            edition.map_or_else(String::new, |(newsletter, number)| format!("{newsletter}/{number}")),
            format!("{} ({})", report.kind.describe(), report.reason),
            report.consequence.describe().to_owned(),
            report.diagnostic.clone().unwrap_or_default(),
        ]
    });
    Ok(context.output.table(&columns, rows)?)
}

fn print_deliveries(deliveries: &[ListedDelivery], context: &Context) -> anyhow::Result<()> {
    if deliveries.is_empty() {
        return Ok(context.output.line("No edition has been for this subscriber yet.")?);
    }
    let columns = ["EDITION", "TICK", "STATE", "ATTEMPTS", "WHEN", "THE RELAY'S WORDS"];
    let rows = deliveries.iter().map(|delivery| {
        vec![
            delivery.edition_name(),
            delivery.tick.to_string(),
            delivery.state.as_str().to_owned(),
            delivery.attempts.to_string(),
            delivery.settled_at.map_or_else(String::new, |at| at.to_string()),
            delivery.reply.clone().unwrap_or_default(),
        ]
    });
    Ok(context.output.table(&columns, rows)?)
}
