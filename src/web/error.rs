//! Why a request was not served.

use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};

use crate::render::page::{Notice, Personal};
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
    /// The article at this address has been retracted.
    #[error("the article at this address has been retracted")]
    Withdrawn,
    /// A link with a token that is not ours.
    #[error("this link is not ours")]
    BadLink,
    /// A link that was used, or is too old.
    #[error("this link is over")]
    LinkOver,
    /// A link to the private newsletter of this name, whose subscription is over.
    #[error("this link opened a newsletter for a subscription that is over")]
    PrivateOver(String),
    /// The address of a reader's own feed that has ended.
    #[error("this feed has ended")]
    FeedOver,
    /// The request cannot be understood.
    #[error("the request cannot be understood")]
    BadRequest,
    /// The address is longer than any that means something.
    #[error("the address is too long")]
    TooLong,
    /// The client set a condition that does not hold.
    #[error("a condition of the request does not hold")]
    NotAsWanted,
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
            Self::Store(store::Error::Unsearchable { .. }) | Self::BadRequest => StatusCode::BAD_REQUEST,
            Self::TooLong => StatusCode::URI_TOO_LONG,
            Self::NotAsWanted => StatusCode::PRECONDITION_FAILED,
            Self::NotFound | Self::BadLink => StatusCode::NOT_FOUND,
            Self::Gone | Self::Withdrawn | Self::LinkOver | Self::PrivateOver(_) | Self::FeedOver => {
                StatusCode::GONE
            }
            Self::TooMany => StatusCode::TOO_MANY_REQUESTS,
            Self::Store(error) => {
                tracing::error!(error = error as &dyn std::error::Error, "A request failed");
                StatusCode::INTERNAL_SERVER_ERROR
            }
        };
        let mut response = status.into_response();
        match self {
            Self::BadLink => response.extensions_mut().insert(Particular::BadLink),
            Self::LinkOver => response.extensions_mut().insert(Particular::LinkOver),
            Self::Withdrawn => response.extensions_mut().insert(Particular::Withdrawn),
            Self::PrivateOver(slug) => response.extensions_mut().insert(Particular::PrivateOver(slug)),
            Self::FeedOver => response.extensions_mut().insert(Particular::FeedOver),
            Self::Store(store::Error::Unsearchable { why }) => {
                response.extensions_mut().insert(Particular::Unsearchable(why))
            }
            _ => None,
        };
        response
    }
}

/// Marks an answer that needs other words than its status has.
#[derive(Clone)]
enum Particular {
    BadLink,
    LinkOver,
    Withdrawn,
    /// The newsletter.
    PrivateOver(String),
    FeedOver,
    /// Why the words cannot be searched for.
    Unsearchable(String),
}

/// What the page about an answer that is no success says.
pub(super) fn notice(response: &Response) -> Notice<'_> {
    match response.extensions().get::<Particular>() {
        Some(Particular::BadLink) => return Notice::BadLink,
        Some(Particular::LinkOver) => return Notice::Personal(Personal::Over),
        Some(Particular::Withdrawn) => return Notice::Withdrawn,
        Some(Particular::PrivateOver(slug)) => return Notice::PrivateOver(slug),
        Some(Particular::FeedOver) => return Notice::FeedOver,
        Some(Particular::Unsearchable(why)) => return Notice::Unsearchable(why),
        None => {}
    }
    match response.status() {
        StatusCode::NOT_FOUND => Notice::NotFound,
        StatusCode::GONE => Notice::Gone,
        StatusCode::PRECONDITION_FAILED => Notice::NotAsWanted,
        StatusCode::TOO_MANY_REQUESTS => Notice::TooMany,
        StatusCode::SERVICE_UNAVAILABLE => Notice::Busy,
        status if status.is_server_error() => Notice::Failed,
        _ => Notice::BadRequest,
    }
}
