//! A feed as another publisher's program would write it: what the demo's agency sends. Courant's own feeds are made
//! elsewhere and by other means; that the two do not share a line is the point.

use askama::Template;
use rss::extension::dublincore::DublinCoreExtensionBuilder;
use rss::{CategoryBuilder, Channel, ChannelBuilder, GuidBuilder, Item, ItemBuilder};

use crate::model::time::Timestamp;

/// One report of an agency.
#[derive(Clone, Debug)]
pub struct Report {
    /// Its name, for ever.
    pub guid: String,
    /// Its address.
    pub link: String,
    /// Its headline.
    pub title: String,
    /// What is in it.
    pub summary: String,
    /// The whole of it, as HTML.
    pub html: String,
    /// Who wrote it.
    pub author: String,
    /// What it is about.
    pub tags: Vec<String>,
    /// When it was sent.
    pub published_at: Timestamp,
}

#[derive(Template)]
#[template(path = "wire/report.html")]
struct Page<'a> {
    report: &'a Report,
}

/// A report as the agency's own page.
///
/// # Errors
/// If the template fails, which it does for want of memory only.
pub fn page(report: &Report) -> Result<String, askama::Error> {
    Page { report }.render()
}

/// The agency's feed as RSS 2.0, the newest report first.
pub fn feed(title: &str, link: &str, reports: &[Report]) -> String {
    let mut reports: Vec<&Report> = reports.iter().collect();
    reports.sort_by_key(|report| std::cmp::Reverse(report.published_at));
    let channel: Channel = ChannelBuilder::default()
        .title(title)
        .link(link)
        .description("Reports from the coast")
        .language(Some("en".to_owned()))
        .last_build_date(reports.first().map(|report| rfc2822(report.published_at)))
        .items(reports.into_iter().map(item).collect::<Vec<_>>())
        .build();
    channel.to_string()
}

fn item(report: &Report) -> Item {
    let categories = report.tags.iter().map(|tag| CategoryBuilder::default().name(tag.clone()).build());
    ItemBuilder::default()
        .guid(Some(GuidBuilder::default().value(report.guid.clone()).permalink(false).build()))
        .link(Some(report.link.clone()))
        .title(Some(report.title.clone()))
        .description(Some(report.summary.clone()))
        .content(Some(report.html.clone()))
        .dublin_core_ext(Some(
            DublinCoreExtensionBuilder::default().creators(vec![report.author.clone()]).build(),
        ))
        .categories(categories.collect::<Vec<_>>())
        .pub_date(Some(rfc2822(report.published_at)))
        .build()
}

fn rfc2822(moment: Timestamp) -> String {
    moment.to_jiff().strftime("%a, %d %b %Y %H:%M:%S +0000").to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_agencys_feed_is_read_back_whole_the_newest_report_first() {
        let report = |name: &str, seconds| Report {
            guid: format!("wire:{name}"),
            link: format!("https://wire.example.org/{name}"),
            title: "Nets & “measures”".to_owned(),
            summary: "What is in it".to_owned(),
            html: "<p>All of it</p>".to_owned(),
            author: "Wire".to_owned(),
            tags: vec!["fisheries".to_owned()],
            published_at: Timestamp::from_unix(seconds),
        };
        let text =
            feed("Wire", "https://wire.example.org/", &[report("old", 0), report("new", 1_000_000_000)]);
        let read = Channel::read_from(text.as_bytes()).unwrap();
        let newest = &read.items()[0];
        assert_eq!(newest.guid().unwrap().value(), "wire:new");
        assert_eq!(newest.title(), Some("Nets & “measures”"));
        assert_eq!(newest.content(), Some("<p>All of it</p>"));
        assert_eq!(newest.pub_date(), Some("Sun, 09 Sep 2001 01:46:40 +0000"));
        assert_eq!(read.items().len(), 2);
    }
}
