//! Documents that are served as they are, with their validators: what the demo's agency offers to its readers.

use axum::Router;
use axum::body::Bytes;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use sha2::{Digest, Sha256};

/// A document.
#[derive(Clone, Debug)]
pub struct Document {
    /// Its path, with the leading slash.
    pub path: String,
    /// Its media type.
    pub media_type: &'static str,
    /// All of it.
    pub bytes: Bytes,
}

/// Serves these documents, each at its path.
pub fn router(documents: impl IntoIterator<Item = Document>) -> Router {
    documents.into_iter().fold(Router::new(), |router, document| {
        let path = document.path.clone();
        let tag = etag(&document.bytes);
        router.route(&path, get(move |headers: HeaderMap| async move { answer(&document, &tag, &headers) }))
    })
}

fn answer(document: &Document, tag: &str, headers: &HeaderMap) -> Response {
    let known = headers.get(header::IF_NONE_MATCH).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let validators = [(header::ETAG, tag), (header::CACHE_CONTROL, "max-age=300")];
    if known.split(',').any(|known| known.trim().trim_start_matches("W/") == tag) {
        return (StatusCode::NOT_MODIFIED, validators).into_response();
    }
    let kind = [(header::CONTENT_TYPE, document.media_type)];
    (validators, kind, document.bytes.clone()).into_response()
}

fn etag(bytes: &[u8]) -> String {
    format!("\"{}\"", data_encoding::HEXLOWER.encode(&Sha256::digest(bytes)[..12]))
}

#[cfg(test)]
mod tests {
    use axum::body::Body;
    use axum::http::Request;
    use tower::ServiceExt;

    use super::*;

    #[tokio::test]
    async fn who_has_a_document_is_not_sent_it_again() {
        let document = Document { path: "/a".to_owned(), media_type: "text/plain", bytes: Bytes::from("a") };
        let router = router([document]);
        let ask = |path: &str, tag: &str| {
            let request = Request::get(path).header(header::IF_NONE_MATCH, tag).body(Body::empty()).unwrap();
            router.clone().oneshot(request)
        };
        let first = ask("/a", "\"other\"").await.unwrap();
        assert_eq!(first.status(), StatusCode::OK);
        let tag = first.headers()[header::ETAG].to_str().unwrap().to_owned();
        assert_eq!(ask("/a", &tag).await.unwrap().status(), StatusCode::NOT_MODIFIED);
        assert_eq!(ask("/a", &format!("\"x\", W/{tag}")).await.unwrap().status(), StatusCode::NOT_MODIFIED);
        assert_eq!(ask("/b", "").await.unwrap().status(), StatusCode::NOT_FOUND);
    }
}
