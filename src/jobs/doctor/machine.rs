//! The machine: room on its disk, and its clock.

use std::path::Path;
use std::time::Duration;

use crate::jobs::disk::Room;
use crate::model::doctor::{Finding, Group};
use crate::model::time::Timestamp;
use crate::store::Store;

/// Below this much room somebody should look at the disk.
const LITTLE_ROOM: u64 = 1 << 30;

/// How far the clock may be from that of another machine, or behind what the database has seen, before it counts.
const TOLERANCE: Duration = Duration::from_mins(2);

/// From here on it is wrong enough for a mail's date to be taken for a forgery, and for editions at another hour.
const FAR: Duration = Duration::from_mins(15);

/// Looks at the disk and the clock. `date` is what the server of our own pages says the time is.
pub(super) async fn examine(
    (database, store): (&Path, Option<&Store>),
    date: Option<Timestamp>,
    now: Timestamp,
) -> Vec<Finding> {
    let mut findings = vec![match Room::beside(database) {
        Ok(room) => judge_room(room),
        Err(error) => Group::Disk.red(
            "room",
            format!("cannot ask how full the disk of {} is: {error}", database.display()),
            "see whether the directory of [database] url is there, and may be read",
        ),
    }];
    let (mut suspicion, mut seen) = (None, None);
    if let Some(store) = store {
        match (store.find_clock_suspicion().await, store.find_last_seen().await) {
            (Ok(why), Ok(last)) => (suspicion, seen) = (why, last),
            (Err(error), _) | (_, Err(error)) => {
                findings.push(Group::Database.red("answers", error.to_string(), "see `courant db check`"));
            }
        }
    }
    findings.push(judge_clock(suspicion, seen, date, now));
    findings
}

fn judge_room(room: Room) -> Finding {
    let shown = format!("{} MB of {} MB are free", room.free >> 20, room.whole >> 20);
    let remedy = "make room, or move the database: below 200 MB or 5 % nothing is sent";
    if room.is_too_little() {
        Group::Disk.red("room", shown, remedy)
    } else if room.free < LITTLE_ROOM {
        Group::Disk.yellow("room", shown, remedy)
    } else {
        Group::Disk.green("room", shown)
    }
}

fn judge_clock(
    suspicion: Option<String>,
    seen: Option<Timestamp>,
    date: Option<Timestamp>,
    now: Timestamp,
) -> Finding {
    let set = "let a time server set it (systemd-timesyncd, chrony)";
    if let Some(why) = suspicion {
        let remedy = "if the clock is right, say so with `courant clock confirm`";
        return Group::Clock.red("time", format!("editions are held: {why}"), remedy);
    }
    if let Some(seen) = seen.filter(|seen| seen.since(now) > TOLERANCE) {
        let message = format!("the clock shows {now}, and has shown {seen} before");
        return Group::Clock.red("time", message, set);
    }
    let away = date.map(|date| (date, date.since(now).max(now.since(date))));
    match away {
        Some((date, away)) if away > FAR => {
            Group::Clock.red("time", format!("the clock shows {now}, and that of our own pages {date}"), set)
        }
        Some((date, away)) if away > TOLERANCE => Group::Clock.yellow(
            "time",
            format!("the clock shows {now}, and that of our own pages {date}"),
            set,
        ),
        _ => Group::Clock.green("time", format!("the clock shows {now} and is believed")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::doctor::Light;

    #[test]
    fn a_disk_is_red_where_nothing_would_be_sent() {
        for (free, whole, light) in [
            (100 << 20, 1 << 30, Light::Red),
            (800 << 20, 10 << 30, Light::Yellow),
            (50 << 30, 100 << 30, Light::Green),
            (4 << 30, 100 << 30, Light::Red),
        ] {
            assert_eq!(judge_room(Room { free, whole }).light, light, "{free} of {whole}");
        }
    }

    #[test]
    fn a_clock_is_judged_by_what_was_seen_before_and_elsewhere() {
        let now: Timestamp = "2026-03-02T05:00:00Z".parse().unwrap();
        let minutes = |minutes| now + Duration::from_mins(minutes);
        for (suspicion, seen, date, light) in [
            (None, None, None, Light::Green),
            (None, Some(now), Some(minutes(1)), Light::Green),
            (Some("it jumped".to_owned()), None, None, Light::Red),
            (None, Some(minutes(5)), None, Light::Red),
            (None, None, Some(minutes(5)), Light::Yellow),
            (None, None, Some(minutes(60)), Light::Red),
        ] {
            assert_eq!(
                judge_clock(suspicion.clone(), seen, date, now).light,
                light,
                "{suspicion:?} {seen:?} {date:?}"
            );
        }
    }
}
