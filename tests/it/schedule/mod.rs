//! Schedules: the command that explains them, and a second opinion on their ticks.

mod command;
mod opinion;

use courant::model::schedule::Schedule;
use courant::model::time::Timestamp;
use jiff::tz::{TimeZone, TimeZoneDatabase};
use proptest::prelude::*;
use proptest::sample::{Index, select};

use opinion::fields;

const MINUTE: i64 = 60;
const DAY: i64 = 24 * 60 * MINUTE;

fn zones() -> Vec<String> {
    TimeZoneDatabase::bundled().available().map(|name| name.as_str().to_owned()).collect()
}

/// A moment between 1973 and 2040 in a zone: mostly within a day before a change of its clocks.
fn moment(zone: &TimeZone, any: i64, near: Option<Index>) -> i64 {
    let changes = || {
        let from = jiff::Timestamp::from_second(any).unwrap();
        zone.following(from).take(20).map(|change| change.timestamp().as_second()).collect::<Vec<_>>()
    };
    match near.map(|index| (index, changes())) {
        Some((index, changes)) if !changes.is_empty() => index.get(&changes) - any.rem_euclid(2 * DAY),
        _ => any,
    }
}

proptest! {
    #![proptest_config(ProptestConfig { max_shrink_iters: 200, ..ProptestConfig::with_cases(150) })]

    /// `PROPTEST_CASES=200000 cargo test --release --test it any_lines_ticks` is the long version.
    #[test]
    fn any_lines_ticks_are_in_order_and_match_a_second_opinion(
        fields in fields(),
        zone in select(zones()),
        any in 100_000_000_i64..2_200_000_000,
        near in proptest::option::weighted(0.8, any::<Index>()),
    ) {
        let zone = TimeZoneDatabase::bundled().get(&zone).unwrap();
        let after = moment(&zone, any, near);
        let until = after + 3 * DAY;
        let Ok(line) = fields.line().parse() else { return Err(TestCaseError::reject("it never fires")) };
        let schedule = Schedule::new(line, zone.clone());
        let ticks: Vec<_> = schedule
            .ticks_after(Timestamp::from_unix(after))
            .map(Timestamp::as_unix)
            .take_while(|tick| *tick <= until)
            .collect();
        let expected: Vec<_> = opinion::ticks(&fields, &zone, after, until).into_iter().collect();
        prop_assert_eq!(ticks, expected, "{} after {}", fields.line(), Timestamp::from_unix(after));
    }
}
