//! The form with which readers have a personal link mailed to them.

use axum::Router;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{Html, IntoResponse, Response};
use axum::routing::get;

use super::client::Client;
use super::subscribe::PACE;
use super::{Error, Web};
use crate::model::subscriber::EmailAddress;
use crate::render::page::{Notice, Personal};

pub fn router() -> Router<Web> {
    Router::new().route("/manage", get(ask).post(answer))
}

async fn ask(State(web): State<Web>) -> Html<String> {
    Html(web.settings().site.notice(&Notice::Personal(Personal::Link), None))
}

/// The answer is the same whether or not the address is known or suppressed, and takes as long.
async fn answer(State(web): State<Web>, client: Client, body: Bytes) -> Result<Response, Error> {
    web.admit(client).await?;
    let typed = url::form_urlencoded::parse(&body).find(|(name, _)| name == "address");
    let typed = typed.map(|(_, address)| address.into_owned()).unwrap_or_default();
    let Ok(address) = typed.parse() else {
        let page = web.settings().site.notice(&Notice::Personal(Personal::NoAddress(&typed)), None);
        return Ok((StatusCode::BAD_REQUEST, Html(page)).into_response());
    };
    web.mail_link(&address, None).await
}

impl Web {
    /// Has a link mailed, if the address is known, and says the same in any case.
    pub(super) async fn mail_link(
        &self,
        address: &EmailAddress,
        language: Option<&str>,
    ) -> Result<Response, Error> {
        let request = self.0.store.request_link(address, self.0.clock.now());
        let (outcome, ()) = tokio::join!(request, tokio::time::sleep(PACE));
        outcome?;
        self.0.bell.notify_one();
        let notice = Notice::Personal(Personal::LinkAsked);
        Ok(Html(self.settings().site.notice(&notice, language)).into_response())
    }
}
