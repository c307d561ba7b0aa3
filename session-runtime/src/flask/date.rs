//! Dates as HTTP writes them (RFC 9110, section 5.6.7), and as Flask's reader takes them: in the two older forms too, and
//! with an offset.

use time::{Date, Month, OffsetDateTime, Time};

const MONTHS: [&str; 12] = [
    "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
];
const DAYS: [&str; 7] = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"];

/// The text of a time in unix seconds. Nothing outside the years 1 to 9999, which are all that Python's dates have.
pub(super) fn format(unix_seconds: i64) -> Option<String> {
    let time = OffsetDateTime::from_unix_timestamp(unix_seconds).ok()?;
    let year = Some(time.year()).filter(|year| (1..=9999).contains(year))?;
    let day = DAYS.get(usize::from(time.weekday().number_days_from_monday()))?;
    let month = MONTHS.get(usize::from(u8::from(time.month())) - 1)?;
    Some(format!(
        "{day}, {:02} {month} {year:04} {:02}:{:02}:{:02} GMT",
        time.day(),
        time.hour(),
        time.minute(),
        time.second()
    ))
}

/// The time in unix seconds, or nothing if the text is no date.
pub(super) fn parse(text: &str) -> Option<i64> {
    let mut parts: Vec<&str> = text
        .split([' ', ',', '\t'])
        .filter(|part| !part.is_empty())
        .collect();
    // The day of the week says nothing new.
    if parts
        .first()?
        .starts_with(|c: char| c.is_ascii_alphabetic())
    {
        parts.remove(0);
    }
    match parts[..] {
        // Sun Nov  6 08:49:37 1994
        [month, day, time, year] if month_of(month).is_some() => {
            seconds(day, month, year, time, "GMT")
        }
        // 06 Nov 1994 08:49:37 GMT
        [day, month, year, time, zone] => seconds(day, month, year, time, zone),
        [day, month, year, time] => seconds(day, month, year, time, "GMT"),
        // 06-Nov-94 08:49:37 GMT
        [date, time, zone] => {
            let (day, rest) = date.split_once('-')?;
            let (month, year) = rest.split_once('-')?;
            seconds(day, month, year, time, zone)
        }
        _ => None,
    }
}

fn seconds(day: &str, month: &str, year: &str, time: &str, zone: &str) -> Option<i64> {
    let year = match (year.len(), year.parse::<i32>().ok()?) {
        (2, year @ 0..69) => year + 2000,
        (2, year) => year + 1900,
        (_, year) => year,
    };
    let date = Date::from_calendar_date(year, month_of(month)?, day.parse().ok()?).ok()?;
    let mut parts = time.split(':').map(|part| part.parse::<u8>().ok());
    let (hour, minute) = (parts.next()??, parts.next()??);
    let second = parts.next().unwrap_or(Some(0))?;
    let time = Time::from_hms(hour, minute, second).ok()?;
    Some(date.with_time(time).assume_utc().unix_timestamp() - offset(zone)?)
}

fn month_of(text: &str) -> Option<Month> {
    let known = |month: &&str| {
        text.get(..3)
            .is_some_and(|start| start.eq_ignore_ascii_case(month))
    };
    let number = MONTHS.iter().position(known)? + 1;
    Month::try_from(u8::try_from(number).ok()?).ok()
}

/// An offset from UTC in seconds.
fn offset(zone: &str) -> Option<i64> {
    if ["GMT", "UTC", "UT", "Z"].contains(&zone) {
        return Some(0);
    }
    let sign = match zone.as_bytes().first()? {
        b'+' => 1,
        b'-' => -1,
        _ => return None,
    };
    let digits = zone.get(1..)?;
    if digits.len() != 4 || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let number: i64 = digits.parse().ok()?;
    Some(sign * (number / 100 * 3600 + number % 100 * 60))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn all_forms_of_a_date_are_read() {
        for text in [
            "Tue, 14 Nov 2023 22:13:20 GMT",
            "Tuesday, 14-Nov-23 22:13:20 GMT",
            "Tue Nov 14 22:13:20 2023",
            "Wed, 15 Nov 2023 00:13:20 +0200",
            "14 Nov 2023 16:43:20 -0530",
        ] {
            assert_eq!(parse(text), Some(1_700_000_000), "{text}");
        }
        for text in ["", "junk", "Tue, 31 Nov 2023 22:13:20 GMT", "1 2 3 4 5"] {
            assert_eq!(parse(text), None, "{text}");
        }
    }

    #[test]
    fn only_the_years_that_python_has_are_written() {
        assert_eq!(
            format(253_402_300_799).as_deref(),
            Some("Fri, 31 Dec 9999 23:59:59 GMT")
        );
        assert_eq!(format(253_402_300_800), None);
        assert_eq!(format(i64::MIN), None);
    }

    proptest! {
        #[test]
        fn what_is_written_reads_back(seconds in -62_135_596_800..253_402_300_800_i64) {
            prop_assert_eq!(parse(&format(seconds).unwrap()), Some(seconds));
        }

        #[test]
        fn no_text_is_a_panic(text in ".*") {
            parse(&text);
        }
    }
}
