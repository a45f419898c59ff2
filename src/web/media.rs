//! Pictures of articles (`/media/…`), which are named by what they hold and never change. `docs/pictures.md` has the rules.

use std::time::Duration;

use axum::Router;
use axum::body::{Body, Bytes};
use axum::extract::{Path, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use futures_util::{Stream, stream};
use tokio::fs::File;
use tokio::io::AsyncReadExt;

use super::coding::Coding;
use super::conditional::{self, Subject, Verdict};
use super::pages::PAGE_AGE;
use super::{Error, FOR_EVER, Web, answer};
use crate::model::picture::file_name;
use crate::store::AskedFile;

/// How much of a file is in memory at a time.
const CHUNK: usize = 64 * 1024;

/// How often it is noted that a picture is needed.
const NEED: Duration = Duration::from_hours(24);

pub fn router() -> Router<Web> {
    Router::new().route("/media/{name}", get(media))
}

async fn media(
    State(web): State<Web>,
    Path(name): Path<String>,
    headers: HeaderMap,
) -> Result<Response, Error> {
    let hash = name.split('.').next().unwrap_or_default();
    let file = web.0.store.find_picture_file(hash).await?.ok_or(Error::NotFound)?;
    if name != file_name(hash, file.kind) {
        return Err(Error::NotFound);
    }
    if !file.is_shown {
        return Err(Error::Withdrawn);
    }
    note_need(&web, &file).await?;
    let own = if file.is_there { open(&web, &name, file.bytes).await } else { None };
    let Some(own) = own else { return Ok(elsewhere(&file.url)) };
    let subject = Subject { hash, modified: None, coding: Coding::Identity };
    let mut response = match conditional::evaluate(&headers, &subject) {
        Verdict::Whole(_) => whole(own, &file),
        Verdict::Unchanged(_) => StatusCode::NOT_MODIFIED.into_response(),
        Verdict::Failed => return Err(Error::NotAsWanted),
    };
    response.headers_mut().insert(header::ETAG, answer::tag(hash, Coding::Identity));
    response.headers_mut().insert(header::CACHE_CONTROL, FOR_EVER);
    Ok(response)
}

/// Notes once a day that a picture is needed: those that nobody asks for make room first.
async fn note_need(web: &Web, file: &AskedFile) -> Result<(), Error> {
    let now = web.0.clock.now();
    if file.needed_at + NEED < now {
        web.0.store.need_picture(file.picture_id, now).await?;
    }
    Ok(())
}

/// The file, if it is there and has the length that it should have.
async fn open(web: &Web, name: &str, bytes: u64) -> Option<File> {
    let file = File::open(web.0.store.picture_folder().path_of(name)).await.ok()?;
    let length = file.metadata().await.ok()?.len();
    Some(file).filter(|_| length == bytes)
}

/// A picture that had to make room is where it was found.
fn elsewhere(url: &str) -> Response {
    let Ok(location) = HeaderValue::try_from(url) else { return Error::Gone.into_response() };
    let headers = [(header::LOCATION, location), (header::CACHE_CONTROL, PAGE_AGE)];
    (StatusCode::FOUND, headers).into_response()
}

fn whole(own: File, file: &AskedFile) -> Response {
    let headers = [
        (header::CONTENT_TYPE, HeaderValue::from_static(file.kind.media_type())),
        (header::CONTENT_LENGTH, HeaderValue::from(file.bytes)),
    ];
    (headers, Body::from_stream(chunks(own))).into_response()
}

/// A file piece by piece. Should it end early, so does the answer, and the client knows by its length.
fn chunks(file: File) -> impl Stream<Item = std::io::Result<Bytes>> {
    stream::try_unfold(file, async |mut file| {
        let mut chunk = Vec::with_capacity(CHUNK);
        let read = file.read_buf(&mut chunk).await?;
        Ok((read > 0).then(|| (Bytes::from(chunk), file)))
    })
}
