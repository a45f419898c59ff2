//! The store: what happens once, what is refused, what a second opening finds.

use std::path::Path;

use courant::model::article::{Content, DateOrigin};
use courant::model::language::Direction;
use courant::model::newsletter::{Choice, Overflow};
use courant::model::subscriber::{EmailAddress, SubscriptionState};
use courant::model::suppression::SuppressionReason;
use courant::model::time::Timestamp;
use courant::store::{Candidates, Edition, Entry, Error, Event, EventKind, NewEdition, Saved, Store};
use sqlx::{AssertSqlSafe, Connection, SqliteConnection};
use tempfile::TempDir;

const MORNING: Timestamp = Timestamp::from_unix(1_772_000_000);

fn after(seconds: i64) -> Timestamp {
    Timestamp::from_unix(MORNING.as_unix() + seconds)
}

async fn new_store() -> (TempDir, Store) {
    let directory = tempfile::tempdir().unwrap();
    let store = Store::open_as_daemon(&directory.path().join("courant.db"), MORNING).await.unwrap();
    store.register_newsletters(&[("daily", "0 7 * * *")], MORNING).await.unwrap();
    (directory, store)
}

fn content(title: &str, tags: &[&str], published: i64) -> Content {
    Content {
        title: title.to_owned(),
        authors: vec!["Ada Brook".to_owned()],
        biography: None,
        html: format!("<p>{title}.</p>"),
        text: format!("{title}."),
        summary: format!("{title}."),
        url: Some(format!("https://courier.example.org/{}", title.replace(' ', "-"))),
        tags: tags.iter().map(|tag| (*tag).to_owned()).collect(),
        image: None,
        language: Some("en".to_owned()),
        direction: Direction::Ltr,
        published_at: Some(after(published)),
        published_at_from: DateOrigin::Source,
        updated_at: None,
        enclosures: Vec::new(),
        cuts: Vec::new(),
    }
}

async fn save(store: &Store, titles: &[(&str, i64)], now: Timestamp) -> Saved {
    let articles: Vec<_> =
        titles.iter().map(|(title, at)| ((*title).to_owned(), content(title, &["City"], *at))).collect();
    store.save_articles("cms", &articles, now).await.unwrap()
}

async fn candidates(store: &Store, limit: usize) -> Candidates {
    let standing = store.find_newsletter("daily").await.unwrap().unwrap();
    store.candidates(standing, &Choice::default(), limit).await.unwrap()
}

async fn publish(
    store: &Store,
    candidates: &Candidates,
    tick: Timestamp,
    overflow: Overflow,
) -> Option<Edition> {
    let edition = NewEdition {
        articles: &candidates.articles,
        tick,
        subject: "News",
        preheader: "More news",
        html: "<p></p>",
        text: "",
        detail: "as planned",
        over: std::time::Duration::ZERO,
        waves: &[],
    };
    store.publish((candidates, overflow), &edition, tick).await.unwrap()
}

async fn titles(store: &Store, edition: &Edition) -> Vec<String> {
    let articles = store.articles_of_edition(edition.id).await.unwrap();
    articles.into_iter().map(|article| article.content.title).collect()
}

/// Whether this process holds one of SQLite's locks on a file, as the system has it.
#[cfg(target_os = "linux")]
fn is_locked(file: &Path) -> bool {
    use std::os::unix::fs::MetadataExt;
    let inode = format!(":{}", std::fs::metadata(file).unwrap().ino());
    let locks = std::fs::read_to_string("/proc/locks").unwrap();
    let own = locks.lines().map(|line| line.split_whitespace().collect::<Vec<_>>());
    let mut own =
        own.filter(|lock| lock.contains(&"POSIX") && lock.contains(&&*std::process::id().to_string()));
    own.any(|lock| lock.iter().any(|word| word.ends_with(&inode)))
}

/// SQLite's locks are those of the whole process. Without them another process takes itself for the last one that has the
/// database, and removes the log in which the daemon's changes are.
#[cfg(target_os = "linux")]
#[tokio::test]
async fn a_second_opening_takes_no_locks_from_the_first() {
    let directory = tempfile::tempdir().unwrap();
    let database = directory.path().join("courant.db");
    let daemon = Store::open_as_daemon(&database, MORNING).await.unwrap();
    assert!(is_locked(&database));
    Store::open(&database, MORNING).await.unwrap().close().await;
    assert!(is_locked(&database));
    daemon.close().await;
}

#[tokio::test]
async fn an_article_that_comes_again_with_another_text_is_an_update() {
    let (_directory, store) = new_store().await;
    assert_eq!(save(&store, &[("Bridge", 0)], MORNING).await, Saved { new: 1, ..Saved::default() });
    assert_eq!(save(&store, &[("Bridge", 0)], after(60)).await, Saved { unchanged: 1, ..Saved::default() });
    let before = store
        .latest_articles(&courant::store::Selection {
            limit: 5,
            ..courant::store::Selection::seen_by(courant::store::Sight::Operator)
        })
        .await
        .unwrap();
    let edited = [("Bridge".to_owned(), content("Bridge reopens early", &["City", "Transport"], 0))];
    assert_eq!(store.save_articles("cms", &edited, after(90)).await.unwrap().changed, 1);
    let article = store.find_article(before[0].id).await.unwrap().unwrap();
    assert_eq!(article.content.title, "Bridge reopens early");
    assert_eq!(article.content.tags, ["City", "Transport"]);
    assert_eq!((article.public_id, article.slug), (before[0].public_id.clone(), before[0].slug.clone()));
    assert_eq!((article.first_seen_at, article.changed_at), (MORNING, after(90)));
}

#[tokio::test]
async fn an_undated_article_is_dated_by_the_first_sight_and_keeps_that_date() {
    let (_directory, store) = new_store().await;
    let undated = |title: &str| Content {
        published_at: None,
        published_at_from: DateOrigin::FirstSight,
        ..content(title, &[], 0)
    };
    store.save_articles("cms", &[("1".to_owned(), undated("Bridge"))], MORNING).await.unwrap();
    store.save_articles("cms", &[("1".to_owned(), undated("Bridge, edited"))], after(500)).await.unwrap();
    let article = store.find_article_by_slug("bridge").await.unwrap().unwrap();
    assert_eq!(article.content.published_at, Some(MORNING));
    assert_eq!(article.content.published_at_from, DateOrigin::FirstSight);
}

#[tokio::test]
async fn a_tick_is_published_once() {
    let (_directory, store) = new_store().await;
    save(&store, &[("Bridge", 0)], MORNING).await;
    let found = candidates(&store, 20).await;
    assert!(publish(&store, &found, after(60), Overflow::Next).await.is_some());
    assert_eq!(publish(&store, &found, after(60), Overflow::Next).await, None, "from stale candidates");
    save(&store, &[("Harbour", 70)], after(70)).await;
    let again = candidates(&store, 20).await;
    assert_eq!(publish(&store, &again, after(60), Overflow::Next).await, None, "the same tick");
    assert_eq!(store.latest_editions(None, 10).await.unwrap().len(), 1);
}

#[tokio::test]
async fn the_first_edition_takes_the_newest_and_passes_the_older_ones_over() {
    let (_directory, store) = new_store().await;
    save(&store, &[("One", 1), ("Two", 2), ("Three", 3)], after(10)).await;
    let edition = publish(&store, &candidates(&store, 2).await, after(60), Overflow::Next).await.unwrap();
    assert_eq!(titles(&store, &edition).await, ["Three", "Two"]);
    assert!(candidates(&store, 2).await.articles.is_empty());
    let one = store.find_article_by_slug("one").await.unwrap().unwrap();
    let fates = store.fates(one.id).await.unwrap().unwrap();
    assert_eq!(fates[0].entry, Entry::NotChosen);
}

#[tokio::test]
async fn what_does_not_fit_goes_first_into_the_next_edition() {
    let (_directory, store) = new_store().await;
    save(&store, &[("Zero", 0)], MORNING).await;
    publish(&store, &candidates(&store, 2).await, after(10), Overflow::Next).await.unwrap();
    save(&store, &[("One", 11), ("Two", 12), ("Three", 13)], after(20)).await;
    let second = publish(&store, &candidates(&store, 2).await, after(30), Overflow::Next).await.unwrap();
    assert_eq!(titles(&store, &second).await, ["Three", "Two"]);
    save(&store, &[("Four", 31), ("Five", 32)], after(40)).await;
    let third = publish(&store, &candidates(&store, 2).await, after(50), Overflow::Next).await.unwrap();
    assert_eq!(titles(&store, &third).await, ["One", "Five"]);
    let fourth = publish(&store, &candidates(&store, 2).await, after(60), Overflow::Next).await.unwrap();
    assert_eq!(titles(&store, &fourth).await, ["Four"]);
}

#[tokio::test]
async fn what_does_not_fit_is_dropped_where_the_newsletter_says_so() {
    let (_directory, store) = new_store().await;
    save(&store, &[("Zero", 0)], MORNING).await;
    publish(&store, &candidates(&store, 1).await, after(10), Overflow::Drop).await.unwrap();
    save(&store, &[("One", 11), ("Two", 12)], after(20)).await;
    publish(&store, &candidates(&store, 1).await, after(30), Overflow::Drop).await.unwrap();
    assert!(candidates(&store, 5).await.articles.is_empty());
    let one = store.find_article_by_slug("one").await.unwrap().unwrap();
    let fates = store.fates(one.id).await.unwrap().unwrap();
    assert_eq!(fates[0].entry, Entry::PassedOver { reason: "no room in edition 2".to_owned() });
}

#[tokio::test]
async fn an_article_waits_when_there_are_too_few_for_an_edition() {
    let (_directory, store) = new_store().await;
    save(&store, &[("Zero", 0)], MORNING).await;
    publish(&store, &candidates(&store, 9).await, after(10), Overflow::Next).await.unwrap();
    save(&store, &[("One", 11)], after(20)).await;
    let found = candidates(&store, 9).await;
    let event = Event {
        tick: after(30),
        at: after(30),
        kind: EventKind::TooFew,
        detail: "1 of 2 articles".to_owned(),
    };
    assert!(store.skip_tick(&found, &event).await.unwrap());
    let one = store.find_article_by_slug("one").await.unwrap().unwrap();
    assert_eq!(store.fates(one.id).await.unwrap().unwrap()[0].entry, Entry::Waiting { since: after(30) });
    assert_eq!(candidates(&store, 9).await.articles, [one.id]);
    assert_eq!(store.find_newsletter("daily").await.unwrap().unwrap().last_tick, after(30));
}

#[tokio::test]
async fn an_article_whose_tags_change_is_considered_again_and_goes_out_once() {
    let (_directory, store) = new_store().await;
    let choice = Choice { tags: vec!["sport".to_owned()], ..Choice::default() };
    let look = async || {
        let standing = store.find_newsletter("daily").await.unwrap().unwrap();
        store.candidates(standing, &choice, 9).await.unwrap()
    };
    store.save_articles("cms", &[("1".to_owned(), content("Match", &["Sport"], 0))], MORNING).await.unwrap();
    publish(&store, &look().await, after(10), Overflow::Next).await.unwrap();
    store.save_articles("cms", &[("2".to_owned(), content("Race", &["City"], 11))], after(11)).await.unwrap();
    assert!(look().await.articles.is_empty());
    store
        .save_articles("cms", &[("2".to_owned(), content("Race", &["City", "SPORT"], 11))], after(12))
        .await
        .unwrap();
    store
        .save_articles("cms", &[("1".to_owned(), content("Match", &["Sport", "Live"], 0))], after(13))
        .await
        .unwrap();
    let edition = publish(&store, &look().await, after(20), Overflow::Next).await.unwrap();
    assert_eq!(titles(&store, &edition).await, ["Race"]);
}

#[tokio::test]
async fn a_second_daemon_is_refused_while_the_first_runs() {
    let (directory, store) = new_store().await;
    let path = directory.path().join("courant.db");
    assert!(matches!(Store::open_as_daemon(&path, MORNING).await, Err(Error::InUse(_))));
    assert!(Store::open(&path, MORNING).await.is_ok(), "a command may run beside it");
    let epoch = store.epoch();
    store.close().await;
    drop(store);
    assert_eq!(Store::open_as_daemon(&path, MORNING).await.unwrap().epoch(), epoch + 1);
}

#[tokio::test]
async fn a_database_of_a_newer_version_or_of_another_program_is_refused() {
    let (directory, store) = new_store().await;
    let path = directory.path().join("courant.db");
    store.close().await;
    drop(store);
    let mut connection = connect(&path).await;
    let newer = "INSERT INTO _sqlx_migrations (version, description, success, checksum, execution_time)
        VALUES (9999, 'later', 1, x'00', 0)";
    sqlx::query(newer).execute(&mut connection).await.unwrap();
    assert!(matches!(Store::open(&path, MORNING).await, Err(Error::Newer(_))));

    let foreign = directory.path().join("other.db");
    let mut connection = connect(&foreign).await;
    sqlx::query("CREATE TABLE posts (id INTEGER)").execute(&mut connection).await.unwrap();
    assert!(matches!(Store::open(&foreign, MORNING).await, Err(Error::Foreign(_))));
}

#[cfg(unix)]
#[tokio::test]
async fn a_database_is_the_same_under_another_name() {
    let (directory, store) = new_store().await;
    let link = directory.path().join("link.db");
    std::os::unix::fs::symlink(store.path(), &link).unwrap();
    assert!(matches!(Store::open_as_daemon(&link, MORNING).await, Err(Error::InUse(_))));
    let beside = Store::open(&link, MORNING).await.unwrap();
    assert_eq!(beside.path(), store.path(), "its log lies beside the file, and that is what is synced");
}

#[tokio::test]
async fn who_has_left_is_not_brought_back_by_the_operator_but_by_signing_up_again() {
    let (_directory, store) = new_store().await;
    let daily = store.find_newsletter("daily").await.unwrap().unwrap().id;
    let ada: EmailAddress = "Ada@Example.org".parse().unwrap();
    let added = store.add_subscription((&ada, Some("Ada")), daily, "paper form", MORNING).await.unwrap();
    assert_eq!(added, Some(SubscriptionState::Active));
    let id = store.find_subscriber(&"ada@example.org".parse().unwrap()).await.unwrap().unwrap().id;
    assert!(store.end_subscription(id, daily, "one click", after(1)).await.unwrap());
    assert!(!store.end_subscription(id, daily, "one click", after(2)).await.unwrap(), "the second time");
    let added = store.add_subscription((&ada, None), daily, "paper form", after(3)).await.unwrap();
    assert_eq!(added, Some(SubscriptionState::Ended));
    store.request_subscriptions(&ada, &[daily], "form", after(4)).await.unwrap();
    assert_eq!(store.subscriptions(id).await.unwrap()[0].state, SubscriptionState::Pending);
    assert_eq!(store.confirm_subscriptions(id, "a test", after(5)).await.unwrap(), 1);
    assert_eq!(store.subscriptions(id).await.unwrap()[0].state, SubscriptionState::Active);
}

#[tokio::test]
async fn an_address_gets_one_confirmation_in_ten_minutes_and_a_suppressed_one_none() {
    let (_directory, store) = new_store().await;
    let daily = store.find_newsletter("daily").await.unwrap().unwrap().id;
    let ada: EmailAddress = "ada@example.org".parse().unwrap();
    for second in 0..5 {
        store.request_subscriptions(&ada, &[daily], "form", after(second)).await.unwrap();
    }
    let due = store.due_confirmations(after(10), 10).await.unwrap();
    assert_eq!(due.len(), 1);
    store.remove_confirmation(due[0].subscriber_id).await.unwrap();
    store.request_subscriptions(&ada, &[daily], "form", after(599)).await.unwrap();
    assert!(store.due_confirmations(after(599), 10).await.unwrap().is_empty());
    store.request_subscriptions(&ada, &[daily], "form", after(600)).await.unwrap();
    assert_eq!(store.due_confirmations(after(600), 10).await.unwrap().len(), 1);
    store.suppress(&ada, SuppressionReason::Complaint, None, after(601)).await.unwrap();
    assert!(store.due_confirmations(after(601), 10).await.unwrap().is_empty());
}

#[tokio::test]
async fn nothing_but_a_hash_is_left_of_who_is_forgotten() {
    let (directory, store) = new_store().await;
    let daily = store.find_newsletter("daily").await.unwrap().unwrap().id;
    let ada: EmailAddress = "ada.lovelace@example.org".parse().unwrap();
    store.add_subscription((&ada, Some("Ada")), daily, "paper form", MORNING).await.unwrap();
    assert!(store.forget(&ada, after(1)).await.unwrap());
    assert_eq!(store.add_subscription((&ada, None), daily, "import", after(2)).await.unwrap(), None);
    assert!(store.find_subscriber(&ada).await.unwrap().is_none());
    store.close().await;
    let mut connection = connect(&directory.path().join("courant.db")).await;
    let dump: Vec<String> =
        sqlx::query_scalar("SELECT coalesce(address, '') || coalesce(detail, '') FROM suppression")
            .fetch_all(&mut connection)
            .await
            .unwrap();
    assert_eq!(dump, [""]);
}

async fn connect(path: &Path) -> SqliteConnection {
    SqliteConnection::connect(&format!("sqlite:{}?mode=rwc", path.display())).await.unwrap()
}

/// Every text in `src/store` that begins as a statement does.
pub fn statements() -> Vec<(String, String)> {
    let mut found = Vec::new();
    for path in crate::layers::sources(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src/store")) {
        let code = std::fs::read_to_string(&path).unwrap();
        for constant in code.split("\nconst ").skip(1) {
            let Some((name, rest)) = constant.split_once(": &str") else { continue };
            let Some(text) = rest.split('"').nth(1) else { continue };
            if ["SELECT", "INSERT", "UPDATE", "DELETE", "WITH", "CREATE TEMPORARY"]
                .iter()
                .any(|verb| text.trim_start().starts_with(verb))
            {
                found.push((format!("{}: {name}", path.display()), text.replace("\\\n", " ")));
            }
        }
    }
    found
}

#[tokio::test]
async fn every_statement_compiles() {
    let (directory, store) = new_store().await;
    let database = directory.path().join("courant.db");
    let mut connection = connect(&database).await;
    let attach = format!("ATTACH DATABASE '{}' AS old", database.display());
    sqlx::query(AssertSqlSafe(attach)).execute(&mut connection).await.unwrap();
    let statements = statements();
    assert!(statements.len() > 60, "only {} statements found: has their form changed?", statements.len());
    for (_, text) in statements.iter().filter(|(_, text)| text.starts_with("CREATE")) {
        sqlx::query(AssertSqlSafe(text.clone())).execute(&mut connection).await.unwrap();
    }
    for (name, text) in statements.iter().filter(|(_, text)| !text.starts_with("CREATE")) {
        let whole = if text.ends_with("WHERE ") { format!("{text} 1") } else { text.clone() };
        let compiled =
            sqlx::query(AssertSqlSafe(format!("EXPLAIN {whole}"))).fetch_all(&mut connection).await;
        assert!(compiled.is_ok(), "{name}: {compiled:?}\n{whole}");
    }
    store.close().await;
}

#[tokio::test]
async fn a_delivery_is_written_without_a_table_in_memory() {
    let (directory, store) = new_store().await;
    let mut connection = connect(&directory.path().join("courant.db")).await;
    let write = "EXPLAIN UPDATE delivery SET state = 'sent' WHERE edition_id = 1 AND subscriber_id = 1";
    let program: Vec<(i64, String)> = sqlx::query_as(write).fetch_all(&mut connection).await.unwrap();
    assert!(program.len() > 20);
    let tables: Vec<_> = program.iter().filter(|(_, step)| step == "OpenEphemeral").collect();
    assert!(tables.is_empty(), "{tables:?}");
    store.close().await;
}
