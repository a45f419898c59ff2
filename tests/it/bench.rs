//! `courant bench`, as an operator calls it.

use assert_cmd::Command;
use courant::mail::inbox::{Behaviour, Inbox};
use serde_json::Value;

async fn sink() -> Inbox {
    Inbox::start(([127, 0, 0, 1], 0).into(), Behaviour::default()).await.unwrap()
}

/// What the command says, and whether it went well.
async fn bench(arguments: &[&str]) -> (bool, String, String) {
    run("relay", arguments).await
}

async fn run(which: &str, arguments: &[&str]) -> (bool, String, String) {
    let mut command = Command::cargo_bin("courant").unwrap();
    command.args(["bench", which]).args(arguments);
    let output = tokio::task::spawn_blocking(move || command.output().unwrap()).await.unwrap();
    let text = |bytes| String::from_utf8(bytes).unwrap();
    (output.status.success(), text(output.stdout), text(output.stderr))
}

#[tokio::test(flavor = "multi_thread")]
async fn every_made_up_reader_gets_one_message_and_the_rate_is_told() {
    let sink = sink().await;
    let relay = format!("smtp://{}", sink.address());
    let (went_well, told, errors) =
        bench(&["--to", &relay, "--messages", "150", "--connections", "3", "--json"]).await;
    assert!(went_well, "{errors}");
    assert_eq!(sink.taken(), 150);
    let told: Value = serde_json::from_str(&told).unwrap();
    assert_eq!((told["messages"].as_u64(), told["connections"].as_u64()), (Some(150), Some(3)));
    assert!(told["messages_per_second"].as_f64().unwrap() > 0.0, "{told}");
    let size = sink.mails().iter().map(|mail| mail.bytes.len()).max().unwrap();
    let told_size = usize::try_from(told["message_size"].as_u64().unwrap()).unwrap();
    assert!((19_000..22_000).contains(&size) && size.abs_diff(told_size) < 500, "{size}, told {told_size}");
}

#[tokio::test(flavor = "multi_thread")]
async fn over_a_link_that_takes_its_time_the_round_trip_is_told_and_what_was_made_of_it() {
    let sink = sink().await;
    let relay = format!("smtp://{}", sink.address());
    let (went_well, told, errors) =
        bench(&["--to", &relay, "--messages", "30", "--dkim", "ed25519", "--round-trip", "20ms", "--json"])
            .await;
    assert!(went_well, "{errors}");
    assert_eq!(sink.taken(), 30);
    let told: Value = serde_json::from_str(&told).unwrap();
    assert!(told["link"]["round_trip_ms"].as_f64().unwrap() >= 20.0, "{told}");
    assert!(
        told["link"]["used"].as_f64().unwrap() <= 1.0,
        "no message goes out in less than one round trip: {told}"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_relay_that_does_not_take_all_of_it_is_no_measurement() {
    let sink = sink().await;
    let relay = format!("smtp://{}", sink.address());
    sink.stop().await;
    let (went_well, _, errors) = bench(&["--to", &relay, "--messages", "20"]).await;
    assert!(!went_well && errors.contains("took 0 of 20 messages"), "{errors}");
}

#[tokio::test(flavor = "multi_thread")]
async fn mail_for_made_up_readers_does_not_go_to_another_machine_by_mistake() {
    for (relay, why) in [
        ("smtp://relay.example.org:25", "this is another machine"),
        ("127.0.0.1:2525", "this is no URL"),
        ("smpt://127.0.0.1:2525", "did you mean `smtp`?"),
    ] {
        let (went_well, _, errors) = bench(&["--to", relay, "--messages", "20"]).await;
        assert!(!went_well && errors.contains(why), "{relay}: {errors}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn every_made_up_subscriber_of_the_hub_is_told_of_each_article_once() {
    let (went_well, told, errors) =
        run("hub", &["--subscribers", "300", "--changes", "2", "--answer", "2ms", "--json"]).await;
    assert!(went_well, "{errors}");
    let told: Value = serde_json::from_str(&told).unwrap();
    assert_eq!((told["subscribers"].as_u64(), told["changes"].as_u64()), (Some(300), Some(2)));
    let times = ["median", "p99", "longest"].map(|which| told["milliseconds"][which].as_f64().unwrap());
    assert!(times[0] >= 2.0 && times.is_sorted(), "{told}");
    assert!(told["feed_size"].as_u64().unwrap() > 50_000, "{told}");
}
