//! Readers who change what they want between two parts of an edition's deliveries.

use courant::model::subscriber::SubscriberId;

use super::{START, choose, choosy, had, publish, shape, subscribe};
use crate::support::app::TestApp;

const MANY: &str = "WITH RECURSIVE n (i) AS (SELECT 2 UNION ALL SELECT i + 1 FROM n WHERE i < 12001)
    INSERT INTO subscriber (id, address, address_key, address_hash, created_at)
    SELECT i, i || '@example.org', i || '@example.org', CAST('h' || i AS BLOB), 0 FROM n;
    INSERT INTO subscription (subscriber_id, newsletter_id, state, consent, created_at, confirmed_at, group_id, mark)
    SELECT u.id, 1, 'active', 'a test', 0, 0, s.group_id, s.mark
    FROM subscriber u JOIN subscription s ON s.subscriber_id = 1 WHERE u.id > 1";

const LAST: SubscriberId = SubscriberId(12_001);

/// An edition that is being queued to 12,001 readers, and what is published by then.
async fn queueing(app: &TestApp) {
    app.execute(MANY).await;
    publish(app, "The vote", &["Politics"]).await;
    app.advance_to("2026-03-02T06:59:00+01:00").await;
    app.clock.advance_to("2026-03-02T07:00:00+01:00".parse().unwrap());
    app.try_publish().await.unwrap();
    assert!(app.editions("daily").await.iter().any(|edition| edition.is_queueing));
    assert_eq!(had(app, LAST).await.len(), 0);
}

async fn count(app: &TestApp) -> i64 {
    app.editions("daily").await.iter().map(|edition| edition.audience).sum()
}

#[tokio::test]
async fn who_changes_before_their_part_came_gets_it_from_the_other_group() {
    let app = TestApp::start(vec![choosy()], START).await;
    subscribe(&app, "ada", &shape("newsletter", &["Politics"])).await;
    queueing(&app).await;
    choose(&app, LAST, &shape("daily 9 Europe/Paris", &["Politics"])).await;
    choose(&app, SubscriberId(1), &shape("daily 9 Europe/Paris", &["Politics"])).await;
    let app = app.restart_at("2026-03-02T07:01:00+01:00").await;
    app.run_jobs().await;
    assert_eq!(count(&app).await, 12_000);
    app.advance_to("2026-03-02T10:00:00+01:00").await;
    assert_eq!(count(&app).await, 12_001);
    for reader in [SubscriberId(1), SubscriberId(6_000), LAST] {
        assert_eq!(had(&app, reader).await, [["The vote"]], "{reader:?}");
    }
}

#[tokio::test]
async fn who_leaves_the_own_editions_before_their_part_came_gets_it_at_once() {
    let app = TestApp::start(vec![choosy()], START).await;
    app.subscribe("ada@example.org", "daily").await;
    queueing(&app).await;
    choose(&app, LAST, &shape("daily 9 Europe/Paris", &["Politics"])).await;
    assert_eq!(had(&app, LAST).await, [["The vote"]]);
    choose(&app, SubscriberId(1), &shape("daily 9 Europe/Paris", &["Politics"])).await;
    app.run_jobs().await;
    assert_eq!(count(&app).await, 12_001);
    app.advance_to("2026-03-03T10:00:00+01:00").await;
    for reader in [SubscriberId(1), SubscriberId(6_000), LAST] {
        assert_eq!(had(&app, reader).await, [["The vote"]], "{reader:?}");
    }
}
