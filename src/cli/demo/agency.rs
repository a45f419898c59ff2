//! The demo's agency, *Littoral Wire*: its feed, its reports as pages, and the newspaper's picture beside them.

use std::net::SocketAddr;

use super::content::{self, Piece};
use crate::model::time::Timestamp;
use crate::render::wire::{self, Report};
use crate::web::documents::Document;

/// All that the agency serves at this address.
///
/// # Errors
/// If a report's file is wrong.
pub fn documents(desk: SocketAddr, now: Timestamp) -> anyhow::Result<Vec<Document>> {
    let home = format!("http://{desk}/wire/");
    let pieces = content::wire()?;
    let reports: Vec<Report> = pieces.iter().map(|piece| report(piece, &home, now)).collect();
    let feed = wire::feed("Littoral Wire", &home, &reports);
    let mut documents = vec![
        document("/wire/feed", "application/rss+xml; charset=utf-8", feed.into_bytes()),
        document("/pictures/skerrow-light.png", "image/png", content::PICTURE.to_vec()),
    ];
    for (piece, report) in pieces.iter().zip(&reports) {
        let page = wire::page(report)?;
        documents.push(document(
            &format!("/wire/{}", piece.name),
            "text/html; charset=utf-8",
            page.into_bytes(),
        ));
    }
    Ok(documents)
}

fn document(path: &str, media_type: &'static str, bytes: Vec<u8>) -> Document {
    Document { path: path.to_owned(), media_type, bytes: bytes.into() }
}

fn report(piece: &Piece, home: &str, now: Timestamp) -> Report {
    Report {
        guid: format!("littoral-wire:{}", piece.name),
        link: format!("{home}{}", piece.name),
        title: piece.front.title.clone(),
        summary: piece.front.summary.clone().unwrap_or_default(),
        html: piece.html(""),
        author: piece.front.author.clone().unwrap_or_default(),
        tags: piece.front.tags.clone(),
        published_at: piece.published_at(now).unwrap_or(now),
    }
}
