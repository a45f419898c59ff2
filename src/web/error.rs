//! Why a request was not served.

use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};

use crate::render::page::Notice;
use crate::store;

/// Why a request was not served. The reader sees a page in plain words; what failed inside is logged here, once.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// There is nothing at this address.
    #[error("there is nothing at this address")]
    NotFound,
    /// There was something once.
    #[error("what was at this address has ended")]
    Gone,
    /// A link with a token that is not ours.
    #[error("this link is not ours")]
    BadLink,
    /// The request cannot be understood.
    #[error("the request cannot be understood")]
    BadRequest,
    /// Too many requests from one client.
    #[error("too many requests from one client")]
    TooMany,
    /// The database failed.
    #[error(transparent)]
    Store(#[from] store::Error),
}

impl IntoResponse for Error {
    fn into_response(self) -> Response {
        let status = match &self {
            Self::NotFound | Self::BadLink => StatusCode::NOT_FOUND,
            Self::Gone => StatusCode::GONE,
            Self::BadRequest => StatusCode::BAD_REQUEST,
            Self::TooMany => StatusCode::TOO_MANY_REQUESTS,
            Self::Store(error) => {
                tracing::error!(error = error as &dyn std::error::Error, "A request failed");
                StatusCode::INTERNAL_SERVER_ERROR
            }
        };
        let mut response = status.into_response();
        if matches!(self, Self::BadLink) {
            response.extensions_mut().insert(IsBadLink);
        }
        response
    }
}

/// Marks an answer about a link, which needs other words than one about a page.
#[derive(Clone, Copy)]
struct IsBadLink;

/// What the page about an answer that is no success says.
pub(super) fn notice(response: &Response) -> Notice<'static> {
    if response.extensions().get::<IsBadLink>().is_some() {
        return Notice::BadLink;
    }
    match response.status() {
        StatusCode::NOT_FOUND => Notice::NotFound,
        StatusCode::GONE => Notice::Gone,
        StatusCode::TOO_MANY_REQUESTS => Notice::TooMany,
        StatusCode::SERVICE_UNAVAILABLE => Notice::Busy,
        status if status.is_server_error() => Notice::Failed,
        _ => Notice::BadRequest,
    }
}
