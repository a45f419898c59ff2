//! What a crontab line means, in plain English.

use super::CronLine;
use super::days::{DaysOfMonth, DaysOfWeek, Nth};
use super::numbers::Numbers;

const WEEKDAYS: [&str; 7] = ["Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"];
const MONTHS: [&str; 12] = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
];

/// How many times of day are listed one by one.
const MAX_TIMES: usize = 8;

impl CronLine {
    /// What the line means, as an English sentence: `At 07:00, from Monday to Friday.`
    pub fn describe(&self) -> String {
        let is_all_day = self.hours.len() == 24;
        let times = if is_all_day { every_hour(self.minutes) } else { some_hours(self.minutes, self.hours) };
        match self.day_words() {
            Some(days) => format!("{times}, {days}."),
            None if is_all_day => format!("{times}."),
            None => format!("{times}, every day."),
        }
    }

    /// On which days; `None` for every day of the year.
    fn day_words(&self) -> Option<String> {
        let (of_month, of_week) = (&self.days.of_month, &self.days.of_week);
        match (of_month.is_all(), of_week.is_all()) {
            (true, true) => (self.months.len() < 12).then(|| format!("every day{}", in_months(self.months))),
            (true, false) if of_month.is_open => Some(of_week.words(self.months)),
            (false, true) if of_week.is_open => Some(of_month.words(self.months)),
            _ => {
                let either = if self.days.is_either() { " and also " } else { ", but only " };
                Some(format!("{}{either}{}", of_week.words(self.months), of_month.words(self.months)))
            }
        }
    }
}

/// The minutes of a line that goes out in every hour.
fn every_hour(minutes: Numbers) -> String {
    match (minutes.cycle(60), minutes.iter().next()) {
        (Some(every), Some(0)) => each(every, "minute"),
        (Some(every), Some(first)) => {
            format!("{}, from minute {first} of each hour on", each(every, "minute"))
        }
        (None, Some(0)) if minutes.len() == 1 => "Every hour, on the hour".to_owned(),
        _ => format!("Every hour, at {} past", in_minutes(minutes)),
    }
}

/// The times of a line that goes out in some of the hours.
fn some_hours(minutes: Numbers, hours: Numbers) -> String {
    let on_the_hour = Numbers::only(0);
    match (minutes.cycle(60), hours.step()) {
        _ if minutes.len() * hours.len() <= MAX_TIMES => {
            format!("At {}", joined(clock_times(minutes, hours)))
        }
        (None, Some(every)) if minutes.len() == 1 => {
            format!("{} {}", each(every, "hour"), span(minutes, hours))
        }
        (Some(every), Some(1)) => format!("{} {}", each(every, "minute"), span(minutes, hours)),
        (Some(every), None) => {
            let spans = hours.iter().map(|hour| span(minutes, Numbers::only(hour)));
            format!("{} {}", each(every, "minute"), joined(spans))
        }
        (_, Some(every)) => {
            let hours = format!("{} {}", each(every, "hour"), span(on_the_hour, hours)).to_lowercase();
            format!("At {} past, {hours}", in_minutes(minutes))
        }
        _ => format!("At {} past {}", in_minutes(minutes), joined(clock_times(on_the_hour, hours))),
    }
}

impl DaysOfMonth {
    fn is_all(&self) -> bool {
        self.listed.len() == 31
    }

    fn words(&self, months: Numbers) -> String {
        let mut days = runs(self.listed);
        days.extend(self.near.iter().map(|day| format!("working day nearest to the {}", ordinal(day))));
        days.extend(self.last.then(|| "last day".to_owned()));
        days.extend(self.last_working.then(|| "last working day".to_owned()));
        format!("on the {} of {}", joined(days), of_months(months))
    }
}

impl DaysOfWeek {
    fn is_all(&self) -> bool {
        self.listed.len() == WEEKDAYS.len()
    }

    fn words(&self, months: Numbers) -> String {
        let listed =
            (!self.listed.is_empty()).then(|| format!("{}{}", weekdays(self.listed), in_months(months)));
        let nth = self
            .nth
            .iter()
            .map(|(weekday, nth)| format!("{} {}", nth.word(), WEEKDAYS[usize::from(*weekday)]));
        let nth: Vec<_> = nth.collect();
        let nth = (!nth.is_empty()).then(|| format!("on the {} of {}", joined(nth), of_months(months)));
        joined(listed.into_iter().chain(nth))
    }
}

impl Nth {
    const fn word(self) -> &'static str {
        match self {
            Self::Of(1) => "first",
            Self::Of(2) => "second",
            Self::Of(3) => "third",
            Self::Of(4) => "fourth",
            Self::Of(_) => "fifth",
            Self::Last => "last",
        }
    }
}

/// `from Friday to Monday`, or `on Mondays and Thursdays`; the week begins on Monday.
fn weekdays(days: Numbers) -> String {
    let follows = |day: u8| days.contains((day + 6) % 7);
    let precedes = |day: u8| days.contains((day + 1) % 7);
    let name = |day: u8| WEEKDAYS[usize::from(day)];
    let mut starts = days.iter().filter(|day| !follows(*day));
    let mut ends = days.iter().filter(|day| !precedes(*day));
    match (starts.next(), starts.next(), ends.next()) {
        (None, ..) => "every day".to_owned(),
        (Some(first), None, Some(last)) if days.len() > 2 => {
            format!("from {} to {}", name(first), name(last))
        }
        _ => {
            let from_monday = (1..=7).map(|day| day % 7).filter(|day| days.contains(*day));
            format!("on {}", joined(from_monday.map(|day| format!("{}s", name(day)))))
        }
    }
}

/// The numbers as ordinals, three or more in a row as `1st to 7th`.
fn runs(numbers: Numbers) -> Vec<String> {
    let starts = numbers.iter().filter(|number| !numbers.contains(number.wrapping_sub(1)));
    let run = |first: u8| {
        let last = (first..64).find(|number| !numbers.contains(number + 1)).unwrap_or(first);
        match last - first {
            0 => vec![ordinal(first)],
            1 => vec![ordinal(first), ordinal(last)],
            _ => vec![format!("{} to {}", ordinal(first), ordinal(last))],
        }
    };
    starts.flat_map(run).collect()
}

/// After `of`: `every month`, `January and July`, `each month from March to June`.
fn of_months(months: Numbers) -> String {
    match months.step() {
        Some(1) if months.len() == MONTHS.len() => "every month".to_owned(),
        Some(1) => format!("each month {}", month_span(months)),
        _ => joined(months.iter().map(month)),
    }
}

/// After a weekday: nothing, ` in January and July`, ` in the months from March to June`.
fn in_months(months: Numbers) -> String {
    match months.step() {
        Some(1) if months.len() == MONTHS.len() => String::new(),
        Some(1) => format!(" in the months {}", month_span(months)),
        _ => format!(" in {}", joined(months.iter().map(month))),
    }
}

fn month_span(months: Numbers) -> String {
    let (first, last) = months.ends();
    format!("from {} to {}", month(first), month(last))
}

fn month(number: u8) -> &'static str {
    MONTHS[usize::from(number - 1)]
}

/// `from 09:00 to 17:50`: the first and the last of these times.
fn span(minutes: Numbers, hours: Numbers) -> String {
    let ((first_minute, last_minute), (first_hour, last_hour)) = (minutes.ends(), hours.ends());
    format!("from {first_hour:02}:{first_minute:02} to {last_hour:02}:{last_minute:02}")
}

fn clock_times(minutes: Numbers, hours: Numbers) -> impl Iterator<Item = String> {
    hours.iter().flat_map(move |hour| minutes.iter().map(move |minute| format!("{hour:02}:{minute:02}")))
}

/// `5 and 20 minutes`.
fn in_minutes(minutes: Numbers) -> String {
    let unit = if minutes == Numbers::only(1) { "minute" } else { "minutes" };
    format!("{} {unit}", joined(minutes.iter().map(|minute| minute.to_string())))
}

/// `Every minute`, `Every 10 minutes`.
fn each(step: u8, unit: &str) -> String {
    if step == 1 { format!("Every {unit}") } else { format!("Every {step} {unit}s") }
}

fn ordinal(number: u8) -> String {
    let suffix = match number {
        11..=13 => "th",
        _ => match number % 10 {
            1 => "st",
            2 => "nd",
            3 => "rd",
            _ => "th",
        },
    };
    format!("{number}{suffix}")
}

/// `a, b and c`.
pub(super) fn joined<T: AsRef<str>>(items: impl IntoIterator<Item = T>) -> String {
    let items: Vec<T> = items.into_iter().collect();
    let words: Vec<&str> = items.iter().map(AsRef::as_ref).collect();
    match words.split_last() {
        Some((last, [])) => (*last).to_owned(),
        Some((last, others)) => format!("{} and {last}", others.join(", ")),
        None => String::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::super::CronLine;

    #[test]
    fn a_line_is_described_in_a_sentence() {
        for (line, expected) in [
            ("* * * * *", "Every minute."),
            ("*/5 * * * *", "Every 5 minutes."),
            ("3-59/5 * * * *", "Every 5 minutes, from minute 3 of each hour on."),
            ("0 * * * *", "Every hour, on the hour."),
            ("15 * * * *", "Every hour, at 15 minutes past."),
            ("1 * * * *", "Every hour, at 1 minute past."),
            ("5,20 * * * *", "Every hour, at 5 and 20 minutes past."),
            ("*/25 * * * *", "Every hour, at 0, 25 and 50 minutes past."),
            ("*/30 * * * 1", "Every 30 minutes, on Mondays."),
            ("0 7 * * *", "At 07:00, every day."),
            ("0 7,18 * * *", "At 07:00 and 18:00, every day."),
            ("0,30 7-9 * * *", "At 07:00, 07:30, 08:00, 08:30, 09:00 and 09:30, every day."),
            ("0 8-18/2 * * *", "At 08:00, 10:00, 12:00, 14:00, 16:00 and 18:00, every day."),
            ("30 */2 * * *", "Every 2 hours from 00:30 to 22:30, every day."),
            ("0 7-18 * * *", "Every hour from 07:00 to 18:00, every day."),
            ("*/10 9-17 * * 1-5", "Every 10 minutes from 09:00 to 17:50, from Monday to Friday."),
            ("* 9 * * *", "Every minute from 09:00 to 09:59, every day."),
            ("* 9,12 * * *", "Every minute from 09:00 to 09:59 and from 12:00 to 12:59, every day."),
            ("5,20 9-17 * * *", "At 5 and 20 minutes past, every hour from 09:00 to 17:00, every day."),
            ("5,20,25 9,12,20 * * *", "At 5, 20 and 25 minutes past 09:00, 12:00 and 20:00, every day."),
            ("0 7 * * MON-FRI", "At 07:00, from Monday to Friday."),
            ("0 7 * * FRI-MON", "At 07:00, from Friday to Monday."),
            ("0 7 * * 6,0", "At 07:00, on Saturdays and Sundays."),
            ("0 7 * * 1,4", "At 07:00, on Mondays and Thursdays."),
            ("0 7 * * 0-6", "At 07:00, every day."),
            ("0 7 * 1,7 *", "At 07:00, every day in January and July."),
            ("0 7 * 3-6 MON", "At 07:00, on Mondays in the months from March to June."),
            ("0 7 1 * *", "At 07:00, on the 1st of every month."),
            (
                "0 7 1,2,13,22,23,31 * *",
                "At 07:00, on the 1st, 2nd, 13th, 22nd, 23rd and 31st of every month.",
            ),
            ("0 7 1-7 * *", "At 07:00, on the 1st to 7th of every month."),
            ("0 7 29 2 *", "At 07:00, on the 29th of February."),
            ("0 7 1 3-6 *", "At 07:00, on the 1st of each month from March to June."),
            ("0 7 L * *", "At 07:00, on the last day of every month."),
            ("0 7 LW * *", "At 07:00, on the last working day of every month."),
            ("0 7 1,15W * *", "At 07:00, on the 1st and working day nearest to the 15th of every month."),
            ("0 7 * * FRI#L", "At 07:00, on the last Friday of every month."),
            ("0 7 * * MON#1,MON#3", "At 07:00, on the first Monday and third Monday of every month."),
            ("0 7 * * WED,5#5", "At 07:00, on Wednesdays and on the fifth Friday of every month."),
            ("0 7 13 * 5", "At 07:00, on Fridays and also on the 13th of every month."),
            (
                "0 7 */10 * MON-FRI",
                "At 07:00, from Monday to Friday, but only on the 1st, 11th, 21st and 31st of every month.",
            ),
            ("@hourly", "Every hour, on the hour."),
            ("@weekly", "At 00:00, on Sundays."),
            ("@yearly", "At 00:00, on the 1st of January."),
        ] {
            assert_eq!(line.parse::<CronLine>().unwrap().describe(), expected, "{line}");
        }
    }
}
