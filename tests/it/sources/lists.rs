//! `courant source import` and `export`: lists of feeds, as other readers write them and read them.

use std::fmt::Write as _;
use std::path::Path;

use courant::cli::{self, Output};
use courant::model::time::Clock;
use courant::source::read_feed_list;
use serde_json::Value;
use tempfile::TempDir;

use super::NOW;

const CONFIG: &str = "[publication]\ntitle = \"Ink & Salt\"\nbase_url = \"https://courier.example\"\n\n\
    [[source]]\nname = \"wire\"\nkind = \"feed\"\nurl = \"https://wire.example/feed\"\ntags = [\"sea, land\", \"News\"]\n";

struct Operator(TempDir);

impl Operator {
    fn new() -> Self {
        let folder = TempDir::new().unwrap();
        std::fs::write(folder.path().join("courant.toml"), CONFIG).unwrap();
        Self(folder)
    }

    fn write(&self, name: &str, text: impl AsRef<[u8]>) -> String {
        std::fs::write(self.0.path().join(name), text).unwrap();
        self.path(name)
    }

    fn path(&self, name: &str) -> String {
        self.0.path().join(name).to_str().unwrap().to_owned()
    }

    async fn run(&self, arguments: &[&str]) -> Result<String, String> {
        let config = self.path("courant.toml");
        let program = ["courant", "--config", &config];
        let line = program.iter().chain(arguments).map(Into::into);
        let (output, captured) = Output::captured();
        let result = cli::run(line.collect::<Vec<_>>(), output, Clock::manual(NOW)).await;
        result.map(|()| captured.text()).map_err(|error| format!("{error:#}"))
    }
}

/// 118 feeds, of which three are broken, in folders of folders.
fn long_list() -> String {
    let mut text =
        "<?xml version='1.0'?>\n<opml version='1.1'>\n<head><title>Mine</title></head>\n<body>\n".to_owned();
    for number in 0..118 {
        if number % 20 == 0 {
            text.push_str(if number == 0 { "" } else { "</outline></outline>\n" });
            writeln!(text, "<outline text='Folder {number}'><outline title='News &amp; more'>").unwrap();
        }
        let outline = match number {
            30 => "<outline type='rss' text='No address'/>".to_owned(),
            60 => "<outline type='rss' text='Odd' xmlUrl='javascript:alert(1)'/>".to_owned(),
            90 => "<outline type='rss' text='Broken xmlUrl='https://x.example/90' />".to_owned(),
            _ => format!(
                "<outline type='rss' text='Feed {number}' xmlUrl='https://f{number}.example/?a=1&b=2'/>"
            ),
        };
        writeln!(text, "{outline}").unwrap();
    }
    text + "</outline></outline>\n</body></opml>"
}

#[tokio::test]
async fn what_is_broken_in_a_list_is_named_and_the_rest_is_taken() {
    let operator = Operator::new();
    let file = operator.write("mine.opml", long_list());
    let json: Value =
        serde_json::from_str(&operator.run(&["source", "import", &file, "--json"]).await.unwrap()).unwrap();
    assert_eq!(json["sources"].as_array().unwrap().len(), 115);
    assert_eq!(json["sources"][25]["name"], "feed-25");
    assert_eq!(json["sources"][25]["url"], "https://f25.example/?a=1&b=2");
    assert_eq!(json["sources"][25]["tags"], serde_json::json!(["Folder 20", "News & more"]));
    let left_out: Vec<_> = json["left_out"].as_array().unwrap().iter().map(ToString::to_string).collect();
    assert_eq!(left_out.len(), 3, "{left_out:?}");
    assert!(
        left_out[0].contains("\\\"No address\\\" has no xmlUrl") && left_out[0].contains(":38,"),
        "{left_out:?}"
    );
    assert!(left_out[1].contains("javascript:alert(1)") && left_out[1].contains(":72,"), "{left_out:?}");
    assert!(left_out[2].contains(":104,"), "{left_out:?}");

    let text = operator.run(&["source", "import", &file, "--write"]).await.unwrap();
    assert!(text.starts_with("115 sources added to the configuration; 3 left out\nline 38: "), "{text}");
    let again = operator.run(&["source", "import", &file]).await.unwrap();
    assert!(
        again.starts_with("# 0 sources to be added") && again.contains("it is the source \"feed-0\""),
        "{again}"
    );
    let check = operator.run(&["config", "check"]).await.unwrap();
    assert_eq!(check.matches("\nsource  ").count(), 116, "{check}");
}

#[tokio::test]
async fn the_same_feed_is_taken_once_and_what_is_printed_can_be_pasted() {
    let operator = Operator::new();
    let list = "<opml><body><outline text='A' xmlUrl='https://a.example/feed' category='/Sea/Ships,sea,Land'/>\n\
        <outline text='a' xmlUrl='http://www.a.example/feed/'/>\n<outline text='A' xmlUrl='https://b.example/'/>\n\
        <outline text='Wire' xmlUrl='http://wire.example/feed/'/><outline text='A page' type='link' url='https://c.example/'/>";
    let file = operator.write("mine.opml", list);
    let printed = operator.run(&["source", "import", &file]).await.unwrap();
    let pasted: toml::Table = printed.parse().unwrap();
    let sources = pasted["source"].as_array().unwrap();
    let names: Vec<_> = sources.iter().map(|source| source["name"].as_str().unwrap()).collect();
    assert_eq!(names, ["a", "a-2"]);
    assert_eq!(sources[0]["tags"].as_array().unwrap().len(), 3);
    assert!(
        printed.contains("# line 2: the same feed as on line 1\n# line 4: it is the source \"wire\""),
        "{printed}"
    );
}

#[tokio::test]
async fn what_is_exported_can_be_imported() {
    let operator = Operator::new();
    let list = operator.run(&["source", "export"]).await.unwrap();
    insta::assert_snapshot!(list);
    let read = read_feed_list(list.as_bytes()).unwrap();
    assert_eq!(read.feeds[0].url, "https://wire.example/feed");
    assert_eq!(read.feeds[0].tags, ["sea land", "News"]);
    let path = operator.path("out.opml");
    operator.run(&["source", "export", "-o", &path]).await.unwrap();
    assert_eq!(std::fs::read_to_string(Path::new(&path)).unwrap(), list);
}

#[tokio::test]
async fn lists_made_to_hurt_do_not() {
    let operator = Operator::new();
    let bomb = "<!DOCTYPE opml [<!ENTITY a 'aaaaaaaaaa'><!ENTITY b '&a;&a;&a;&a;&a;&a;&a;&a;'>]>\
        <opml><body><outline text='&b;' xmlUrl='https://a.example/&b;'/></body></opml>";
    assert_eq!(read_feed_list(bomb.as_bytes()).unwrap().feeds[0].title, "&b;");
    let deep = format!(
        "<opml><body>{}<outline text='A' xmlUrl='https://a.example/'/>",
        "<outline text='x'>".repeat(400_000)
    );
    assert_eq!(read_feed_list(deep.as_bytes()).unwrap().feeds[0].tags, ["x"]);
    let wide = "<outline xmlUrl='https://a.example/1'/><outline type='rss'/>".repeat(100_000);
    let wide = read_feed_list(format!("<opml>{wide}").as_bytes()).unwrap();
    assert_eq!((wide.feeds.len(), wide.broken.len(), wide.repeated.len()), (1, 100, 10_000));
    for text in ["<opml".repeat(100_000), "<opml><outline a='".repeat(100_000), "<opml>&".repeat(100_000)] {
        read_feed_list(text.as_bytes());
    }
    let large = operator.path("large.opml");
    std::fs::File::create(&large).unwrap().set_len(100 * 1024 * 1024).unwrap();
    let error = operator.run(&["source", "import", &large]).await.unwrap_err();
    assert!(error.contains("is larger than 10 MB and was not read"), "{error}");
    let feed = operator.write("feed.xml", "<rss version='2.0'><channel/></rss>");
    let error = operator.run(&["source", "import", &feed]).await.unwrap_err();
    assert!(error.contains("is no OPML"), "{error}");
}
