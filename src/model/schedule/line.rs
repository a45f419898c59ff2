//! A crontab line: five fields, or a name such as `@daily`.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize, Serializer};

use super::civil::CivilTimes;
use super::days::{Days, DaysOfMonth, DaysOfWeek};
use super::field::{Field, shown};
use super::numbers::Numbers;

/// The moments of a newsletter as a crontab line says them: minute, hour, day of month, month, weekday.
///
/// Lists, ranges, steps and names as in cron(5); weekday ranges may go over the end of the week (`FRI-MON`);
/// `L`, `LW` and `15W` as days of the month; `MON#1` and `FRI#L` as weekdays; `@hourly` to `@yearly`. Day of month
/// and weekday both given: either is enough. A line that can never name a moment is not one.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(try_from = "String")]
pub struct CronLine {
    text: String,
    pub(super) minutes: Numbers,
    pub(super) hours: Numbers,
    pub(super) months: Numbers,
    pub(super) days: Days,
    pub(super) is_interval: bool,
    pub(super) civil: CivilTimes,
}

/// Text that is not a crontab line: which field is wrong, and what would be right.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{message}")]
pub struct InvalidCronLine {
    field: Option<Field>,
    message: String,
}

/// What the names stand for, as in crontab(5).
const NAMED: &[(&str, &str)] = &[
    ("@hourly", "0 * * * *"),
    ("@daily", "0 0 * * *"),
    ("@midnight", "0 0 * * *"),
    ("@weekly", "0 0 * * 0"),
    ("@monthly", "0 0 1 * *"),
    ("@yearly", "0 0 1 1 *"),
    ("@annually", "0 0 1 1 *"),
];

impl CronLine {
    /// The line as it was written.
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// The line of a full hour (0 to 23) on some weekdays, as a crontab line says them: `*`, `5`.
    ///
    /// # Panics
    /// If there is no such hour or weekday.
    pub fn at_hour(hour: u8, weekdays: &str) -> Self {
        format!("0 {hour} * * {weekdays}").parse().expect("an hour and weekdays that there are")
    }

    /// The first hour of the day at which it names a moment.
    pub fn first_hour(&self) -> u8 {
        self.hours.ends().0
    }

    fn parse(text: &str) -> Result<Self, InvalidCronLine> {
        let [minute, hour, day, month, weekday] = fields(expand(text)?)?;
        let minutes = Field::Minute.numbers(minute)?;
        let hours = Field::Hour.numbers(hour)?;
        let of_month = DaysOfMonth::parse(day)?;
        let months = Field::Month.numbers(month)?;
        let days = Days { of_month, of_week: DaysOfWeek::parse(weekday)? };
        if !days.ever_occur_in(months) {
            let months = shown(month);
            let reason =
                format_args!("no month of {months} has a day of {}: this would never go out", shown(day));
            return Err(Field::DayOfMonth.error(reason));
        }
        let civil = CivilTimes::new(minutes, hours, months);
        let is_interval = [minute, hour].iter().any(|field| field.contains('*'));
        Ok(Self { text: text.to_owned(), minutes, hours, months, days, is_interval, civil })
    }
}

/// The line that a name stands for; anything else stands for itself.
fn expand(text: &str) -> Result<&str, InvalidCronLine> {
    if !text.starts_with('@') {
        return Ok(text);
    }
    let found = NAMED.iter().find(|(name, _)| name.eq_ignore_ascii_case(text));
    found.map(|(_, line)| *line).ok_or_else(|| {
        let names: Vec<_> = NAMED.iter().map(|(name, _)| *name).collect();
        InvalidCronLine::new(
            None,
            format!("{} is not a schedule: use one of {}", shown(text), names.join(", ")),
        )
    })
}

fn fields(line: &str) -> Result<[&str; 5], InvalidCronLine> {
    const FIVE: &str = "a crontab line has five fields: minute, hour, day of month, month, weekday";
    let mut words = line.split_ascii_whitespace();
    let mut found = [""; 5];
    for (field, slot) in Field::ALL.into_iter().zip(&mut found) {
        *slot = words.next().ok_or_else(|| field.error(format_args!("missing; {FIVE}")))?;
    }
    match words.next() {
        None => Ok(found),
        Some(word) => {
            let message = format!("{} is one field too many (no seconds, no year); {FIVE}", shown(word));
            Err(InvalidCronLine::new(None, message))
        }
    }
}

impl InvalidCronLine {
    pub(super) const fn new(field: Option<Field>, message: String) -> Self {
        Self { field, message }
    }

    /// The field that is wrong; `None` where it is the line as a whole.
    pub const fn field(&self) -> Option<Field> {
        self.field
    }
}

impl FromStr for CronLine {
    type Err = InvalidCronLine;

    fn from_str(text: &str) -> Result<Self, InvalidCronLine> {
        Self::parse(text.trim_ascii())
    }
}

impl TryFrom<String> for CronLine {
    type Error = InvalidCronLine;

    fn try_from(text: String) -> Result<Self, InvalidCronLine> {
        text.parse()
    }
}

impl fmt::Display for CronLine {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

impl Serialize for CronLine {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.text)
    }
}

#[cfg(test)]
mod tests {
    use std::time::{Duration, Instant};

    use super::super::samples::rows;
    use super::*;

    /// T30: line; message, which begins with the field.
    const REFUSED: &str = r##"
60 7 * * *      | minute: "60" is not possible: use 0 to 59
0 24 * * *      | hour: "24" is not possible: use 0 to 23
0 7 0 * *       | day of month: "0" is not possible: use 1 to 31, L, LW or a day with W such as 15W
0 7 * 13 *      | month: "13" is not possible: use 1 to 12 or JAN to DEC
0 7 * * 8       | weekday: "8" is not possible: use 0 to 7 or SUN to SAT, or with an occurrence in the month: MON#1, FRI#L
0 7 * *         | weekday: missing; a crontab line has five fields: minute, hour, day of month, month, weekday
                | minute: missing; a crontab line has five fields: minute, hour, day of month, month, weekday
0 0 7 * * *     | "*" is one field too many (no seconds, no year); a crontab line has five fields: minute, hour, day of month, month, weekday
*/0 * * * *     | minute: a step of "0" is not possible: use 1 to 59
*/90 * * * *    | minute: a step of "90" is not possible: use 1 to 59
*/ * * * *      | minute: a step of "" is not possible: use 1 to 59
5/15 * * * *    | minute: a step needs a range: write 5-59/15
5-1 * * * *     | minute: 5-1 runs backwards: write 1-5, or 5-59,0-1 to go over the end
0 7 * NOV-FEB * | month: NOV-FEB runs backwards: write FEB-NOV, or NOV-12,1-FEB to go over the end
0 7 30 2 *      | day of month: no month of "2" has a day of "30": this would never go out
0 7 31W 4,6 *   | day of month: no month of "4,6" has a day of "31W": this would never go out
0 7 * * MON#6   | weekday: "#6" is not possible: use #1 to #5 or #L
1,,2 7 * * *    | minute: "" is not possible: use 0 to 59
+5 7 * * *      | minute: "+5" is not possible: use 0 to 59
0 7 ? * *       | day of month: "?" is not possible: use 1 to 31, L, LW or a day with W such as 15W
0 7 * FEBRUARY * | month: "FEBRUARY" is not possible: use 1 to 12 or JAN to DEC
0 7 * * 📰       | weekday: "📰" is not possible: use 0 to 7 or SUN to SAT, or with an occurrence in the month: MON#1, FRI#L
@reboot         | "@reboot" is not a schedule: use one of @hourly, @daily, @midnight, @weekly, @monthly, @yearly, @annually"##;

    #[test]
    fn a_line_that_is_not_one_is_refused_with_its_field_and_what_would_be_right() {
        for [line, expected] in rows(REFUSED.trim_start()) {
            let error = line.parse::<CronLine>().unwrap_err();
            assert_eq!(error.to_string(), expected, "{line:?}");
            let is_named = |field: &Field| expected.starts_with(&format!("{field}: "));
            assert_eq!(error.field(), Field::ALL.into_iter().find(is_named), "{line:?}");
        }
    }

    #[test]
    fn control_characters_are_shown_escaped() {
        let error = "\0\u{1b}[2J 7 * * *".parse::<CronLine>().unwrap_err();
        assert_eq!(error.to_string(), r#"minute: "\0\u{1b}[2J" is not possible: use 0 to 59"#);
    }

    #[test]
    fn ten_kilobytes_of_anything_are_refused_at_once() {
        for piece in ["1,1,", "1,1, 7 * * * ", "* ", "@", "\0", "📰", "MON#1,", "1-2/3,", "\t"] {
            let line = piece.repeat(10_000 / piece.len());
            let is_quick = |_| {
                let start = Instant::now();
                let error = line.parse::<CronLine>().unwrap_err();
                assert!(error.to_string().len() < 200, "{piece:?}");
                start.elapsed() < Duration::from_millis(1)
            };
            assert!((0..50).any(is_quick), "{piece:?}");
        }
    }

    #[test]
    fn a_line_is_kept_as_it_was_written() {
        let line: CronLine = " 0 7\t* *  mon-FRI\n".parse().unwrap();
        assert_eq!(line.to_string(), "0 7\t* *  mon-FRI");
    }
}
