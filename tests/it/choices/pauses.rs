//! Ticks that bring nothing because somebody wants nothing for a while: the reader, or the operator.

use super::{START, choosy, had, publish, shape, subscribe};
use crate::support::app::{TestApp, at};

#[tokio::test]
async fn what_a_pause_misses_is_not_sent_later() {
    let app = TestApp::start(vec![choosy()], START).await;
    let newsletter = app.standing("daily").await.id;
    let mut readers = Vec::new();
    for (name, chosen) in [("ada", "daily 8 Europe/Paris"), ("ben", "each_article")] {
        let reader = subscribe(&app, name, &shape(chosen, &[])).await;
        readers.push(reader);
        let pause = [(newsletter, at("2026-03-04T00:00:00+01:00"))];
        app.store.pause_subscriptions(reader, &pause, "manage page", app.clock.now()).await.unwrap();
    }
    for day in 2..=5 {
        app.advance_to(&format!("2026-03-0{day}T06:00:00+01:00")).await;
        publish(&app, &format!("News of day {day}"), &[]).await;
        app.advance_to(&format!("2026-03-0{day}T12:00:00+01:00")).await;
        app.execute("UPDATE delivery SET state = 'sent'").await;
    }
    for reader in readers {
        assert_eq!(had(&app, reader).await, [["News of day 4"], ["News of day 5"]], "{reader:?}");
    }
}

#[tokio::test]
async fn who_catches_up_is_sent_after_the_pause_what_it_missed() {
    let app = TestApp::start(vec![choosy()], START).await;
    let newsletter = app.standing("daily").await.id;
    app.subscribe("eve@example.org", "daily").await;
    let own = app.subscribe("own@example.org", "daily").await;
    let ada = subscribe(&app, "ada", &shape("daily 8 Europe/Paris", &[])).await;
    let ben = subscribe(&app, "ben", &shape("each_article", &["Sport"])).await;
    for reader in [own, ada, ben] {
        let pause = (newsletter, at("2026-03-04T00:00:00+01:00"));
        app.store.pause_and_catch_up(reader, pause, "manage page", app.clock.now()).await.unwrap();
    }
    for day in 2..=4 {
        app.advance_to(&format!("2026-03-0{day}T06:00:00+01:00")).await;
        let topic = if day == 3 { "Sport" } else { "Local" };
        publish(&app, &format!("News of day {day}"), &[topic]).await;
        app.advance_to(&format!("2026-03-0{day}T12:00:00+01:00")).await;
        app.execute("UPDATE delivery SET state = 'sent'").await;
    }
    let all = ["News of day 4", "News of day 3", "News of day 2"];
    assert_eq!(had(&app, own).await, [all]);
    assert_eq!(had(&app, ada).await, [all]);
    assert_eq!(had(&app, ben).await, [["News of day 3"]]);
    let pause = [(newsletter, at("2026-03-06T00:00:00+01:00"))];
    app.store.pause_subscriptions(ada, &pause, "manage page", app.clock.now()).await.unwrap();
    publish(&app, "News of day 5", &[]).await;
    app.advance_to("2026-03-06T12:00:00+01:00").await;
    assert_eq!(had(&app, ada).await.len(), 1, "a pause without it misses what it misses");
}

#[tokio::test]
async fn the_articles_of_a_newsletter_that_is_paused_wait() {
    let app = TestApp::start(vec![choosy()], START).await;
    let ada = subscribe(&app, "ada", &shape("daily 8 Europe/Paris", &[])).await;
    let ben = subscribe(&app, "ben", &shape("each_article", &[])).await;
    let newsletter = app.standing("daily").await.id;
    app.store.set_newsletter_paused(newsletter, Some(app.clock.now())).await.unwrap();
    publish(&app, "Monday", &[]).await;
    app.advance_to("2026-03-02T12:00:00+01:00").await;
    assert_eq!((had(&app, ada).await.len(), had(&app, ben).await.len()), (0, 0));
    app.store.set_newsletter_paused(newsletter, None).await.unwrap();
    app.run_jobs().await;
    assert_eq!((had(&app, ada).await.len(), had(&app, ben).await.len()), (0, 1));
    app.advance_to("2026-03-03T12:00:00+01:00").await;
    assert_eq!(had(&app, ada).await, [["Monday"]]);
}
