//! The folder with pictures: bounded, mended, and emptied of what nobody is to see.

use std::fs;
use std::time::Duration;

use axum::http::StatusCode;

use super::drawing::{jpeg, photograph};
use super::{desk, keeper, media};

/// After so long the folder is looked through again.
const SWEEP: Duration = Duration::from_mins(11);

#[tokio::test]
async fn what_nobody_needs_for_longest_makes_room_and_is_then_where_it_was_found() {
    let desk = desk().await;
    for name in ["one.jpg", "two.jpg", "three.jpg"] {
        desk.put(name, "image/jpeg", jpeg(&photograph(600, 400), 1));
    }
    let one = desk.publish("The first", &["one.jpg"]).await;
    desk.keep().await;
    let (_, bytes) = desk.app.store.picture_counts().await.unwrap();
    let each = u64::try_from(bytes).unwrap();
    desk.app.configure(|settings| settings.picture_disk = Some(each * 2 + each / 2));
    desk.put("two.jpg", "image/jpeg", jpeg(&photograph(602, 400), 1));
    desk.put("three.jpg", "image/jpeg", jpeg(&photograph(604, 400), 1));
    let served = desk.app.serve().await;
    let path = async |title: &str| {
        let page = served.get(&format!("/articles/{title}")).await.text().to_owned();
        media(&page).first().cloned()
    };
    let first = path("the-first").await.unwrap();
    desk.app.clock.advance_to(desk.app.clock.now() + Duration::from_hours(1));
    let two = desk.publish("The second", &["two.jpg"]).await;
    desk.keep().await;
    let second = path("the-second").await.unwrap();
    // A day later somebody asks for the first, and nobody for the second.
    desk.app.clock.advance_to(desk.app.clock.now() + Duration::from_hours(25));
    assert_eq!(served.get(&first).await.status, StatusCode::OK);
    let three = desk.publish("The third", &["three.jpg"]).await;
    desk.keep().await;
    assert_eq!(
        (desk.states(&one).await, desk.states(&two).await),
        (vec!["kept".into()], vec!["dropped".into()])
    );
    assert_eq!(desk.states(&three).await, ["kept"]);
    let (_, bytes) = desk.app.store.picture_counts().await.unwrap();
    assert!(u64::try_from(bytes).unwrap() <= each * 2 + each / 2);
    assert_eq!(desk.names().len(), 4, "two pictures of two widths");
    assert_eq!(path("the-second").await, None, "the page shows it where it was found");
    let answer = served.get(&second).await;
    assert_eq!((answer.status, answer.header("location")), (StatusCode::FOUND, desk.url("two.jpg").as_str()));
    assert_eq!(answer.header("cache-control"), "public, max-age=60");
    desk.app.configure(|settings| settings.picture_disk = Some(each));
    desk.app.clock.advance_to(desk.app.clock.now() + SWEEP);
    desk.keep().await;
    assert!(desk.names().len() <= 2, "a smaller bound holds at once");
}

#[tokio::test]
async fn a_picture_under_two_addresses_takes_the_room_of_one() {
    let desk = desk().await;
    for name in ["one.jpg", "two.jpg"] {
        desk.put(name, "image/jpeg", jpeg(&photograph(600, 400), 1));
    }
    desk.publish("Twice the same", &["one.jpg", "two.jpg"]).await;
    desk.keep().await;
    let (_, bytes) = desk.app.store.picture_counts().await.unwrap();
    let lengths = desk.names().into_iter().map(|name| fs::metadata(desk.folder().join(name)).unwrap().len());
    assert_eq!(u64::try_from(bytes).unwrap(), lengths.sum::<u64>());
}

#[tokio::test]
async fn a_picture_of_a_retracted_article_is_gone_and_comes_back_with_it() {
    let desk = desk().await;
    desk.put("quay.jpg", "image/jpeg", jpeg(&photograph(600, 400), 1));
    let own = desk.publish("The mayor resigns", &["quay.jpg"]).await;
    desk.keep().await;
    let served = desk.app.serve().await;
    let path = media(served.get("/articles/the-mayor-resigns").await.text()).remove(0);
    desk.app.store.retract_article(own.id, desk.app.clock.now()).await.unwrap();
    assert_eq!(served.get(&path).await.status, StatusCode::GONE, "at once");
    desk.app.clock.advance_to(desk.app.clock.now() + SWEEP);
    desk.keep().await;
    assert_eq!(desk.names(), Vec::<String>::new(), "its files too");
    assert_eq!(desk.asked().len(), 1);
    desk.app.store.reinstate_article(own.id, desk.app.clock.now()).await.unwrap();
    desk.keep().await;
    assert_eq!(served.get(&path).await.status, StatusCode::OK, "the same picture has the same address");
}

#[tokio::test]
async fn a_picture_that_two_articles_show_stays_while_one_of_them_does() {
    let desk = desk().await;
    desk.put("quay.jpg", "image/jpeg", jpeg(&photograph(600, 400), 1));
    let gone = desk.publish("The mayor resigns", &["quay.jpg"]).await;
    desk.publish("The mayor stays", &["quay.jpg"]).await;
    desk.keep().await;
    assert_eq!(desk.asked(), ["quay.jpg"]);
    let served = desk.app.serve().await;
    let path = media(served.get("/articles/the-mayor-stays").await.text()).remove(0);
    desk.app.store.retract_article(gone.id, desk.app.clock.now()).await.unwrap();
    desk.app.clock.advance_to(desk.app.clock.now() + SWEEP);
    desk.keep().await;
    assert_eq!(served.get(&path).await.status, StatusCode::OK);
}

#[tokio::test]
async fn after_a_crash_or_a_restore_the_folder_is_mended() {
    let desk = desk().await;
    desk.put("quay.jpg", "image/jpeg", jpeg(&photograph(600, 400), 1));
    desk.put("dawn.jpg", "image/jpeg", jpeg(&photograph(300, 200), 1));
    let own = desk.publish("The ferry sails again", &["quay.jpg", "dawn.jpg"]).await;
    desk.keep().await;
    let served = desk.app.serve().await;
    let page = served.get("/articles/the-ferry-sails-again").await.text().to_owned();
    let [quay, dawn]: [String; 2] = media(&page).try_into().unwrap();
    let file = |path: &str| desk.folder().join(path.strip_prefix("/media/").unwrap());
    // Written, and not yet known to the database; half written; lost; cut off by the death of the machine.
    let whole = fs::read(file(&quay)).unwrap();
    fs::write(desk.folder().join("00112233445566778899aabbccddeeff.jpg"), &whole).unwrap();
    fs::write(desk.folder().join("00112233445566778899aabbccddeef0.jpg.partial"), &whole[..100]).unwrap();
    fs::remove_file(file(&quay)).unwrap();
    fs::write(file(&dawn), b"").unwrap();
    for (path, name) in [(&quay, "quay.jpg"), (&dawn, "dawn.jpg")] {
        let answer = served.get(path).await;
        assert_eq!((answer.status, answer.header("location")), (StatusCode::FOUND, desk.url(name).as_str()));
    }
    let restarted = super::Desk { keeper: keeper(&desk.app), ..desk };
    restarted.keep().await;
    assert_eq!(restarted.states(&own).await, ["kept", "kept"]);
    restarted.app.clock.advance_to(restarted.app.clock.now() + SWEEP);
    restarted.keep().await;
    assert_eq!(restarted.names().len(), 4, "{:?}", restarted.names());
    for path in [&quay, &dawn] {
        assert_eq!(served.get(path).await.status, StatusCode::OK);
    }
    fs::remove_dir_all(restarted.folder()).unwrap();
    let restarted = super::Desk { keeper: keeper(&restarted.app), ..restarted };
    restarted.keep().await;
    assert_eq!(restarted.names().len(), 4, "all is fetched again");
}

#[tokio::test]
async fn a_picture_that_the_disk_does_not_take_is_fetched_again_later() {
    let desk = desk().await;
    desk.keep().await;
    desk.put("quay.jpg", "image/jpeg", jpeg(&photograph(600, 400), 1));
    fs::write(desk.folder(), b"a file in the place of the folder").unwrap();
    let own = desk.publish("The ferry sails again", &["quay.jpg"]).await;
    desk.keep().await;
    let standing = desk.standing(&own).await.remove(0);
    assert_eq!((standing.state.as_str(), desk.asked().len()), ("due", 1));
    assert!(standing.error.unwrap().contains("cannot be written"));
    fs::remove_file(desk.folder()).unwrap();
    desk.app.clock.advance_to(desk.app.clock.now() + SWEEP);
    desk.keep().await;
    assert_eq!((desk.states(&own).await, desk.asked().len()), (vec!["kept".to_owned()], 2));
}
