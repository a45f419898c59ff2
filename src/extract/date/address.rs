//! The date in an article's address.

use crate::model::time::Timestamp;

use super::calendar;
use super::names;

/// The date that an address holds as `/2026/03/03/`, `/2026-03-03-slug`, `/20260303/` or `/2026/mar/03/`.
///
/// A year and a month alone are no date.
pub fn in_address(address: &str) -> Option<Timestamp> {
    let path = address.split(['?', '#']).next().unwrap_or_default();
    let parts: Vec<&str> = path.split('/').collect();
    let apart = parts.windows(3).find_map(|window| date(window[0], window[1], window[2]));
    apart.or_else(|| parts.iter().find_map(|part| in_one_part(part)))
}

fn in_one_part(part: &str) -> Option<Timestamp> {
    let mut pieces = part.splitn(4, ['-', '_']);
    if let (Some(year), Some(month), Some(day)) = (pieces.next(), pieces.next(), pieces.next())
        && let Some(found) = date(year, month, day)
    {
        return Some(found);
    }
    let digits: &str = part.split(['-', '_']).next().unwrap_or_default();
    let is_date = digits.len() == 8 && digits.bytes().all(|byte| byte.is_ascii_digit());
    if is_date { date(&digits[..4], &digits[4..6], &digits[6..]) } else { None }
}

fn date(year: &str, month: &str, day: &str) -> Option<Timestamp> {
    if year.len() != 4 || !(1..=2).contains(&day.len()) {
        return None;
    }
    let month = month.parse().ok().or_else(|| names::month(&month.to_ascii_lowercase()))?;
    let date = calendar::Date { year: year.parse().ok()?, month, day: day.parse().ok()? };
    calendar::plausible(calendar::moment(date, calendar::Time::default())?)
}

#[cfg(test)]
mod tests {
    use super::in_address;

    #[test]
    fn a_full_date_in_an_address_is_found() {
        for address in [
            "https://courier.example.org/2026/03/03/bridge",
            "https://courier.example.org/news/2026/3/3/",
            "/posts/2026-03-03-bridge.html",
            "https://courier.example.org/20260303/bridge?id=20250101",
            "https://courier.example.org/world/2026/mar/03/bridge",
        ] {
            assert_eq!(in_address(address).unwrap().to_string(), "2026-03-03T00:00:00Z", "{address}");
        }
    }

    #[test]
    fn anything_less_is_not() {
        for address in [
            "https://courier.example.org/2026/03/bridge",
            "/2026/13/40/",
            "/20261340/",
            "/p/12345678",
            "",
            "/١٢٣٤",
        ] {
            assert_eq!(in_address(address), None, "{address}");
        }
    }
}
