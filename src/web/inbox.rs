//! The demo's inbox as pages, on a port of its own: whatever a mail holds, it is shown and never obeyed.

use std::sync::Arc;

use axum::Router;
use axum::extract::{Path, Query, State};
use axum::http::{HeaderName, StatusCode, header};
use axum::response::{Html, IntoResponse, Response};
use axum::routing::get;
use serde::Deserialize;

use crate::mail::inbox::{Inbox, Received};
use crate::render::inbox::{self as pages, Line, Mail, View};

/// For our own pages: they run nothing and load nothing but the frame.
const PAGE_POLICY: &str =
    "default-src 'none'; style-src 'unsafe-inline'; frame-src 'self'; base-uri 'none'; form-action 'none'";

/// For a mail's HTML: it may show pictures, open links, and nothing else, also when it is opened by itself.
const MAIL_POLICY: &str = "sandbox allow-popups allow-popups-to-escape-sandbox; default-src 'none'; \
                           style-src 'unsafe-inline'; img-src http: https: data:";

/// The pages of an inbox: `/` lists what came, `/mails/{number}` shows a mail.
pub fn router(inbox: Arc<Inbox>) -> Router {
    let router = Router::new()
        .route("/", get(list))
        .route("/mails/{number}/frame", get(frame))
        .route("/mails/{number}/mail.eml", get(download));
    let showing = |view: View| {
        get(move |State(inbox): State<Arc<Inbox>>, Path(number)| async move { show(&inbox, number, view) })
    };
    let router = View::ALL.iter().fold(router, |router, view| {
        router.route(&format!("/mails/{{number}}{}", view.path()), showing(*view))
    });
    router.with_state(inbox)
}

#[derive(Deserialize)]
struct Filter {
    to: Option<String>,
}

async fn list(State(inbox): State<Arc<Inbox>>, Query(Filter { to }): Query<Filter>) -> Response {
    let is_wanted = |line: &Line| to.as_ref().is_none_or(|to| line.to.eq_ignore_ascii_case(to));
    let mails = inbox.mails();
    let lines: Vec<Line> =
        mails.iter().enumerate().rev().map(|(index, mail)| line(index + 1, mail)).filter(is_wanted).collect();
    page(pages::list(&lines, to.as_deref()))
}

fn show(inbox: &Inbox, number: usize, view: View) -> Response {
    let Some(received) = find(inbox, number) else { return missing() };
    page(pages::mail(&read(number, &received), view))
}

async fn frame(State(inbox): State<Arc<Inbox>>, Path(number): Path<usize>) -> Response {
    let Some(received) = find(&inbox, number) else { return missing() };
    guarded(MAIL_POLICY, Html(pages::frame(&received.read().html)))
}

async fn download(State(inbox): State<Arc<Inbox>>, Path(number): Path<usize>) -> Response {
    let Some(received) = find(&inbox, number) else { return missing() };
    guarded(PAGE_POLICY, ([(header::CONTENT_TYPE, "message/rfc822")], received.bytes.clone()))
}

fn find(inbox: &Inbox, number: usize) -> Option<Arc<Received>> {
    inbox.mails().into_iter().nth(number.checked_sub(1)?)
}

fn line(number: usize, received: &Received) -> Line {
    let reading = received.read();
    Line {
        number,
        to: received.to.join(", "),
        subject: reading.subject,
        date: reading.date,
        list: reading.list,
    }
}

fn read(number: usize, received: &Received) -> Mail {
    let reading = received.read();
    Mail {
        number,
        envelope: format!("from <{}> to <{}>", received.from, received.to.join(">, <")),
        source: String::from_utf8_lossy(&received.bytes).into_owned(),
        from: reading.from,
        to: reading.to,
        subject: reading.subject,
        date: reading.date,
        html: reading.html,
        text: reading.text,
        headers: reading.headers,
    }
}

fn page(html: Result<String, impl std::error::Error>) -> Response {
    match html {
        Ok(html) => guarded(PAGE_POLICY, Html(html)),
        Err(error) => {
            tracing::error!(%error, "Could not render a page of the inbox");
            StatusCode::INTERNAL_SERVER_ERROR.into_response()
        }
    }
}

fn missing() -> Response {
    (StatusCode::NOT_FOUND, "There is no such mail in the inbox; / lists those that are.\n").into_response()
}

fn guarded(policy: &'static str, response: impl IntoResponse) -> Response {
    let guards: [(HeaderName, &str); 4] = [
        (header::CONTENT_SECURITY_POLICY, policy),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (header::REFERRER_POLICY, "no-referrer"),
        (header::CACHE_CONTROL, "no-store"),
    ];
    (guards, response).into_response()
}
