//! One edition for each group, at its own moments.

use courant::model::article::ArticleId;
use courant::model::newsletter::{Newsletter, Overflow};

use super::{START, choose, choosy, had, publish, shape, subscribe, ticks};
use crate::support::app::{TestApp, newsletter};
use crate::support::article;

#[tokio::test]
async fn readers_get_the_topics_that_they_chose_and_all_others_what_they_always_had() {
    let app = TestApp::start(vec![choosy()], START).await;
    let ada = subscribe(&app, "ada", &shape("newsletter", &["Politics"])).await;
    let ben = subscribe(&app, "ben", &shape("newsletter", &["sport", "culture"])).await;
    let eve = app.subscribe("eve@example.org", "daily").await;
    publish(&app, "The vote", &["Politics"]).await;
    publish(&app, "The match", &["SPORT", "Local"]).await;
    publish(&app, "The fair", &["Local"]).await;
    app.advance_to("2026-03-02T12:00:00+01:00").await;
    assert_eq!(had(&app, ada).await, [["The vote"]]);
    assert_eq!(had(&app, ben).await, [["The match"]]);
    assert_eq!(had(&app, eve).await[0].len(), 3);
    app.advance_to("2026-03-04T12:00:00+01:00").await;
    assert_eq!(app.editions("daily").await.len(), 3, "nothing new is no edition, for nobody");
}

#[tokio::test]
async fn a_story_of_two_sources_goes_once_to_a_group_unless_its_readers_want_only_the_second() {
    let app = TestApp::start(vec![choosy()], START).await;
    let ada = subscribe(&app, "ada", &shape("newsletter", &["Politics", "Culture"])).await;
    let ben = subscribe(&app, "ben", &shape("newsletter", &["Culture"])).await;
    for (source, topic) in [("cms", "Politics"), ("wire", "Culture")] {
        let mut content = article::article(1, &format!("The fair, says {source}")).content;
        content.published_at = Some(app.clock.now());
        content.url = Some("https://courier.example.org/fair".to_owned());
        content.tags = vec![topic.to_owned()];
        app.store.save_articles(source, &[("fair".to_owned(), content)], app.clock.now()).await.unwrap();
    }
    app.advance_to("2026-03-02T12:00:00+01:00").await;
    assert_eq!(had(&app, ada).await, [["The fair, says cms"]]);
    assert_eq!(had(&app, ben).await, [["The fair, says wire"]]);
}

#[tokio::test]
async fn a_hundred_thousand_readers_in_two_hundred_groups_cost_two_hundred_editions() {
    let topics: Vec<String> = (0..200).map(|topic| format!("topic {topic}")).collect();
    let mut offered = choosy();
    offered.choices.as_mut().unwrap().topics.clone_from(&topics);
    let app = TestApp::start(vec![offered.clone()], START).await;
    for topic in &topics {
        let wish = courant::model::shape::Wish { topics: vec![topic.clone()], ..Default::default() };
        let chosen = wish.shape(&offered, |_| Err(Vec::new())).unwrap();
        subscribe(&app, &topic.replace(' ', "-"), &chosen).await;
    }
    app.execute(
        "WITH RECURSIVE n (i) AS (SELECT 201 UNION ALL SELECT i + 1 FROM n WHERE i < 100000)
        INSERT INTO subscriber (id, address, address_key, address_hash, created_at)
        SELECT i, i || '@example.org', i || '@example.org', CAST('h' || i AS BLOB), 0 FROM n;
        INSERT INTO subscription (subscriber_id, newsletter_id, state, consent, created_at, confirmed_at, group_id, mark)
        SELECT u.id, 1, 'active', 'a test', 0, 0, s.group_id, s.mark
        FROM subscriber u JOIN subscription s ON s.subscriber_id = 1 + u.id % 200 WHERE u.id > 200",
    )
    .await;
    let tags: Vec<&str> = topics.iter().map(String::as_str).collect();
    publish(&app, "For all of them", &tags).await;
    app.advance_to("2026-03-02T06:00:00+01:00").await;
    app.clock.advance_to("2026-03-02T07:00:00+01:00".parse().unwrap());
    let mut work = Vec::new();
    while let done @ 1.. = app.try_publish().await.unwrap() {
        work.push(done);
    }
    let editions = app.editions("daily").await;
    let (own, to_groups): (Vec<_>, Vec<_>) = editions.iter().partition(|edition| !edition.group.is_some());
    assert_eq!((own.len(), to_groups.len()), (1, 200));
    assert_eq!(to_groups.iter().map(|edition| edition.audience).sum::<i64>(), 100_000);
    // Each is rendered on the way to its row; ticks and the newsletter's own edition are the rest of the work.
    assert_eq!(work.iter().sum::<usize>(), 200 + 200 + 1);
}

#[tokio::test]
async fn an_hour_is_one_of_the_readers_clocks_also_when_these_change() {
    let app = TestApp::start(vec![choosy()], "2026-02-12T12:00:00Z").await;
    let readers = [
        ("daily 8 Asia/Kathmandu", ["2026-02-14T02:15:00Z", "2026-02-15T02:15:00Z", "2026-02-16T02:15:00Z"]),
        // Morocco's clocks went back at three on the 15th.
        (
            "daily 8 Africa/Casablanca",
            ["2026-02-14T07:00:00Z", "2026-02-15T08:00:00Z", "2026-02-16T08:00:00Z"],
        ),
        (
            "daily 8 Australia/Lord_Howe",
            ["2026-02-13T21:00:00Z", "2026-02-14T21:00:00Z", "2026-02-15T21:00:00Z"],
        ),
    ];
    let mut ids = Vec::new();
    for (number, (chosen, _)) in readers.iter().enumerate() {
        ids.push(subscribe(&app, &format!("reader{number}"), &shape(chosen, &[])).await);
    }
    for hour in 0..9 {
        let (day, hour) = (13 + hour / 3, hour % 3 * 8);
        app.advance_to(&format!("2026-02-{day}T{hour:02}:00:00Z")).await;
        app.execute("UPDATE delivery SET state = 'sent'").await;
        publish(&app, &format!("News of {day} February, {hour} hours"), &[]).await;
    }
    app.advance_to("2026-02-16T12:00:00Z").await;
    for ((chosen, expected), id) in readers.iter().zip(ids) {
        let had = ticks(&app, id).await;
        assert!(had.ends_with(&expected.map(str::to_owned)), "{chosen}: {had:?}");
    }
}

#[tokio::test]
async fn a_weekly_reader_gets_the_week_on_the_newsletters_day() {
    let app = TestApp::start(vec![choosy()], START).await;
    let ada = subscribe(&app, "ada", &shape("weekly 18 Europe/Paris", &["Politics"])).await;
    for day in 2..=8 {
        publish(&app, &format!("Vote {day}"), &["Politics"]).await;
        app.advance_to(&format!("2026-03-{:02}T00:00:00+01:00", day + 1)).await;
    }
    assert_eq!(ticks(&app, ada).await, ["2026-03-06T17:00:00Z"]);
    assert_eq!(had(&app, ada).await, [["Vote 6", "Vote 5", "Vote 4", "Vote 3", "Vote 2"]]);
}

#[tokio::test]
async fn each_article_is_sent_as_it_comes_and_what_comes_at_once_together() {
    let app = TestApp::start(vec![choosy()], START).await;
    let ada = subscribe(&app, "ada", &shape("each_article", &["Politics"])).await;
    publish(&app, "The vote", &["Politics"]).await;
    app.run_jobs().await;
    app.advance_to("2026-03-02T09:10:00+01:00").await;
    publish(&app, "The match", &["Sport"]).await;
    app.run_jobs().await;
    publish(&app, "The speech", &["Politics"]).await;
    publish(&app, "The answer", &["Politics"]).await;
    app.run_jobs().await;
    assert_eq!(had(&app, ada).await, [vec!["The vote"]], "the first is still being sent");
    app.execute("UPDATE delivery SET state = 'sent'").await;
    app.run_jobs().await;
    assert_eq!(had(&app, ada).await, [vec!["The vote"], vec!["The answer", "The speech"]]);
    assert_eq!(ticks(&app, ada).await[1], "2026-03-02T08:10:00Z");
}

#[tokio::test]
async fn what_an_edition_has_no_room_for_comes_with_the_next_or_not_at_all() {
    for (overflow, expected) in [
        (Overflow::Next, vec![vec!["B", "A"], vec!["D", "C"], vec!["E"]]),
        (Overflow::Drop, vec![vec!["E", "D"]]),
    ] {
        let app = TestApp::start(vec![Newsletter { max_articles: 2, overflow, ..choosy() }], START).await;
        let ada = subscribe(&app, "ada", &shape("daily 8 Europe/Paris", &[])).await;
        for title in ["A", "B", "C", "D", "E"] {
            app.clock.advance_to(app.clock.now() + std::time::Duration::from_secs(1));
            publish(&app, title, &[]).await;
        }
        for day in 2..6 {
            app.advance_to(&format!("2026-03-{day:02}T12:00:00+01:00")).await;
            app.execute("UPDATE delivery SET state = 'sent'").await;
        }
        assert_eq!(had(&app, ada).await, expected);
    }
}

#[tokio::test]
async fn too_few_articles_wait_for_the_next_tick() {
    let app = TestApp::start(vec![Newsletter { min_articles: 2, ..choosy() }], START).await;
    let ada = subscribe(&app, "ada", &shape("daily 8 Europe/Paris", &["Politics"])).await;
    publish(&app, "The vote", &["Politics"]).await;
    publish(&app, "The match", &["Sport"]).await;
    app.advance_to("2026-03-02T12:00:00+01:00").await;
    assert_eq!(had(&app, ada).await.len(), 0);
    publish(&app, "The speech", &["Politics"]).await;
    app.advance_to("2026-03-03T12:00:00+01:00").await;
    assert_eq!(had(&app, ada).await, [["The speech", "The vote"]]);
}

#[tokio::test]
async fn who_leaves_the_newsletters_own_editions_has_what_those_held_and_gets_the_rest() {
    let app = TestApp::start(vec![Newsletter { max_articles: 2, ..choosy() }], START).await;
    let ada = app.subscribe("ada@example.org", "daily").await;
    publish(&app, "First", &["Local"]).await;
    app.advance_to("2026-03-02T12:00:00+01:00").await;
    app.execute("UPDATE delivery SET state = 'sent'").await;
    for title in ["A", "B", "C", "D", "E"] {
        app.clock.advance_to(app.clock.now() + std::time::Duration::from_secs(1));
        publish(&app, title, &["Politics"]).await;
    }
    app.advance_to("2026-03-03T12:00:00+01:00").await;
    assert_eq!(had(&app, ada).await, [vec!["First"], vec!["E", "D"]], "own editions hold the newest");
    app.execute("UPDATE delivery SET state = 'sent'").await;
    assert!(choose(&app, ada, &shape("daily 13 Europe/Paris", &["Politics"])).await);
    publish(&app, "F", &["Politics"]).await;
    for day in 3..6 {
        app.advance_to(&format!("2026-03-{day:02}T18:00:00+01:00")).await;
        app.execute("UPDATE delivery SET state = 'sent'").await;
    }
    assert_eq!(had(&app, ada).await[2..], [vec!["B", "A"], vec!["F", "C"]]);
    assert!(choose(&app, ada, &shape("newsletter", &[])).await, "into a group of the whole newsletter");
    publish(&app, "G", &["Local"]).await;
    app.advance_to("2026-03-06T12:00:00+01:00").await;
    assert_eq!(had(&app, ada).await[4..], [["G"]]);
}

#[tokio::test]
async fn who_comes_back_has_what_they_had_and_who_is_new_begins_where_the_group_stands() {
    let app = TestApp::start(vec![choosy()], START).await;
    let chosen = shape("daily 8 Europe/Paris", &[]);
    let ada = subscribe(&app, "ada", &chosen).await;
    publish(&app, "Monday", &[]).await;
    app.advance_to("2026-03-02T12:00:00+01:00").await;
    publish(&app, "Afternoon", &[]).await;
    app.run_jobs().await;
    let newsletter = app.standing("daily").await.id;
    app.store.end_subscription(ada, newsletter, "page", app.clock.now()).await.unwrap();
    assert_eq!(subscribe(&app, "ada", &shape("daily 18 Europe/Paris", &[])).await, ada);
    let ben = subscribe(&app, "ben", &chosen).await;
    app.advance_to("2026-03-03T12:00:00+01:00").await;
    assert_eq!(had(&app, ada).await[..1], [["Monday"]]);
    assert!(!had(&app, ada).await[1..].concat().contains(&"Monday".to_owned()));
    assert_eq!(had(&app, ben).await, [["Afternoon"]], "as everybody in it");
}

#[tokio::test]
async fn an_article_that_is_retracted_or_has_other_tags_reaches_who_has_not_had_it_yet() {
    let app = TestApp::start(vec![choosy()], START).await;
    let ada = subscribe(&app, "ada", &shape("daily 3 Europe/Paris", &["Politics"])).await;
    publish(&app, "The vote", &["Politics"]).await;
    publish(&app, "The rumour", &["Local"]).await;
    app.run_jobs().await;
    app.store.retract_article(ArticleId(1), app.clock.now()).await.unwrap();
    app.advance_to("2026-03-02T05:00:00+01:00").await;
    assert_eq!(had(&app, ada).await.len(), 0);
    app.store.reinstate_article(ArticleId(1), app.clock.now()).await.unwrap();
    publish(&app, "The rumour", &["Politics"]).await;
    app.advance_to("2026-03-03T05:00:00+01:00").await;
    assert_eq!(had(&app, ada).await, [["The rumour", "The vote"]]);
    app.execute("UPDATE delivery SET state = 'sent'").await;
    publish(&app, "The vote", &["Politics", "Local"]).await;
    app.advance_to("2026-03-04T12:00:00+01:00").await;
    assert_eq!(had(&app, ada).await.len(), 1, "nobody has it twice");
}

#[tokio::test]
async fn a_newsletter_that_offers_nothing_has_no_intake() {
    let app = TestApp::start(vec![newsletter("daily", "0 7 * * *", "Europe/Paris")], START).await;
    publish(&app, "The vote", &["Politics"]).await;
    app.advance_to("2026-03-02T12:00:00+01:00").await;
    assert_eq!(app.standing("daily").await.entered_seq, None);
}
