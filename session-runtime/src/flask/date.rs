//! Dates as HTTP writes them (RFC 9110, section 5.6.7), and as Flask's reader takes them, which is Python's reader of a
//! mail's date.

use time::{Date, Month, OffsetDateTime, Time};

const MONTHS: [&str; 12] = [
    "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
];
const LONG_MONTHS: [&str; 12] = [
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
const DAYS: [&str; 7] = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"];

/// The first second of the year 100: Flask reads an earlier year, as it writes it itself, as one of the years around 2000.
pub(super) const FIRST_SECOND: i64 = -59_011_459_200;

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

/// Flask fails on the text, or on the date when it writes it again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Unreadable;

/// The time in unix seconds, or nothing if the text is no date to Flask, whose reader (`email.utils.parsedate_to_datetime`)
/// takes more than HTTP's three forms: fields in another order, names of time zones, numbers as Python's `int` reads them.
/// What is not ASCII, which no date is, is unreadable.
pub(super) fn parse(text: &str) -> Result<Option<i64>, Unreadable> {
    if !text.is_ascii() {
        return Err(Unreadable);
    }
    match Fields::of(text) {
        Some(fields) => fields.seconds(),
        None => Ok(None),
    }
}

struct Fields {
    year: i128,
    month: Month,
    /// The day, the hour, the minute and the second.
    numbers: [i128; 4],
    /// Seconds east of UTC.
    offset: i128,
}

impl Fields {
    fn of(text: &str) -> Option<Self> {
        let [mut day, mut month, mut year, mut time, mut zone] = words(text)?;
        if day.is_empty() || month.is_empty() || year.is_empty() {
            return None;
        }
        if month_of(month).is_none() {
            std::mem::swap(&mut day, &mut month);
        }
        let month = month_of(month)?;
        if year.find(':').is_some_and(|at| at > 0) {
            std::mem::swap(&mut year, &mut time);
        }
        year = without_comma(year);
        if !year.starts_with(|c: char| c.is_ascii_digit()) {
            if year.is_empty() {
                return None;
            }
            std::mem::swap(&mut year, &mut zone);
        }
        let [hour, minute, second] = clock(without_comma(time))?;
        Some(Self {
            year: century(int(year)?),
            month,
            numbers: [
                int(without_comma(day))?,
                int(hour)?,
                int(minute)?,
                int(second)?,
            ],
            offset: offset(zone),
        })
    }

    fn seconds(&self) -> Result<Option<i64>, Unreadable> {
        if self.offset.div_euclid(DAY).abs() > LONGEST {
            return Err(Unreadable);
        }
        if self.offset.abs() >= DAY {
            return Ok(None);
        }
        let c_int = |number: i128| i32::try_from(number).map_err(|_| Unreadable);
        let year = c_int(self.year)?;
        let mut numbers = [0; 4];
        for (number, &field) in numbers.iter_mut().zip(&self.numbers) {
            *number = c_int(field)?;
        }
        Ok(moment(year, self.month, numbers)
            .and_then(|local| Some(local - i64::try_from(self.offset).ok()?)))
    }
}

/// Seconds of a day.
const DAY: i128 = 86_400;
/// The most days of Python's `timedelta`.
const LONGEST: i128 = 999_999_999;

fn moment(year: i32, month: Month, numbers: [i32; 4]) -> Option<i64> {
    let [day, hour, minute, second] = numbers.map(|number| u8::try_from(number).ok());
    let year = Some(year).filter(|year| (1..=9999).contains(year))?;
    let date = Date::from_calendar_date(year, month, day?).ok()?;
    let time = Time::from_hms(hour?, minute?, second?).ok()?;
    Some(date.with_time(time).assume_utc().unix_timestamp())
}

/// Day, month, year, time and zone, if they stand where they mostly do. The day of the week, which says nothing new, is left
/// out.
fn words(text: &str) -> Option<[&str; 5]> {
    let blank = |c: char| matches!(c, ' ' | '\t'..='\r' | '\x1c'..='\x1f');
    let mut words: Vec<&str> = text.split(blank).filter(|word| !word.is_empty()).collect();
    let first = *words.first()?;
    if first.ends_with(',') || DAYS.iter().any(|day| first.eq_ignore_ascii_case(day)) {
        words.remove(0);
    } else if let Some((_, date)) = first.rsplit_once(',') {
        words[0] = date;
    }
    // 06-Nov-94 08:49:37 GMT
    if let [date, time, zone] = words[..]
        && let [day, month, year] = date.split('-').collect::<Vec<_>>()[..]
    {
        words = vec![day, month, year, time, zone];
    }
    match words[..] {
        [day, month, year, time] => {
            let sign = time.find('+').or_else(|| time.find('-'));
            let (time, zone) = time.split_at(sign.filter(|&at| at > 0).unwrap_or(time.len()));
            Some([day, month, year, time, zone])
        }
        [day, month, year, time, zone, ..] => Some([day, month, year, time, zone]),
        _ => None,
    }
}

fn without_comma(word: &str) -> &str {
    word.strip_suffix(',').unwrap_or(word)
}

/// Hour, minute and second, between colons or, where there is none, points.
fn clock(time: &str) -> Option<[&str; 3]> {
    let separator = if time.contains(':') { ':' } else { '.' };
    match time.split(separator).collect::<Vec<_>>()[..] {
        [hour, minute] => Some([hour, minute, "0"]),
        [hour, minute, second] => Some([hour, minute, second]),
        _ => None,
    }
}

/// The year, of which two digits may stand for four; zeros before them are none.
fn century(year: i128) -> i128 {
    match year {
        69..100 => year + 1900,
        ..69 => year.saturating_add(2000),
        _ => year,
    }
}

fn month_of(word: &str) -> Option<Month> {
    let known = |(short, long): &(&str, &str)| {
        word.eq_ignore_ascii_case(short) || word.eq_ignore_ascii_case(long)
    };
    let at = MONTHS
        .into_iter()
        .zip(LONG_MONTHS)
        .position(|names| known(&names))?;
    Month::try_from(u8::try_from(at + 1).ok()?).ok()
}

/// An offset from UTC in seconds; what is no zone is UTC.
fn offset(zone: &str) -> i128 {
    let named = ZONES
        .iter()
        .find(|(name, _)| zone.eq_ignore_ascii_case(name))
        .map(|&(_, offset)| offset);
    // Hours and minutes in one number.
    let number = named.or_else(|| int(zone)).unwrap_or(0);
    number / 100 * 3600 + number % 100 * 60
}

const ZONES: [(&str, i128); 14] = [
    ("UT", 0),
    ("UTC", 0),
    ("GMT", 0),
    ("Z", 0),
    ("AST", -400),
    ("ADT", -300),
    ("EST", -500),
    ("EDT", -400),
    ("CST", -600),
    ("CDT", -500),
    ("MST", -700),
    ("MDT", -600),
    ("PST", -800),
    ("PDT", -700),
];

/// A number as Python's `int` reads it, with a sign and underscores. One beyond all measure is as large as there is.
fn int(word: &str) -> Option<i128> {
    let (negative, digits) = match word.as_bytes().first()? {
        b'-' => (true, &word[1..]),
        b'+' => (false, &word[1..]),
        _ => (false, word),
    };
    let groups = || digits.split('_');
    let is_number = |group: &str| !group.is_empty() && group.bytes().all(|b| b.is_ascii_digit());
    let count: usize = groups().map(str::len).sum();
    if !groups().all(is_number) || count > 4300 {
        return None;
    }
    // Small enough for what is counted with it.
    let most = i128::from(i64::MAX);
    let number = groups()
        .flat_map(str::bytes)
        .fold(0, |number: i128, digit| {
            (number * 10 + i128::from(digit - b'0')).min(most)
        });
    Some(if negative { -number } else { number })
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
            "november 14, 2023 14.13.20 pst",
            "Tue,14 Nov 0023 22:13:20",
            "14 Nov 2_3 22:13:20-0000",
            "14 Nov GMT 22:13:20 2023",
        ] {
            assert_eq!(parse(text), Ok(Some(1_700_000_000)), "{text}");
        }
    }

    #[test]
    fn what_python_takes_for_no_date_is_none() {
        for text in [
            "",
            " ",
            "junk",
            "Tue, 31 Nov 2023 22:13:20 GMT",
            "1 2 3 4 5",
            "1-- 2 3",
            "14 Nov 10000 22:13:20 GMT",
            "14 Nov 2023 22:13:60 GMT",
            "14 Nov , 22:13:20 GMT",
            "14 Nov 2023 22:13:20 +2400",
        ] {
            assert_eq!(parse(text), Ok(None), "{text}");
        }
    }

    #[test]
    fn what_python_fails_on_is_unreadable() {
        for text in [
            "14 Nov 2023 22:13:9999999999 GMT",
            "14 Nov 99999999999999999999999999999999999999999999999 22:13:20 GMT",
            "14 Nov 2023 22:13:20 +9999999999999999",
            "14 Növ 2023 22:13:20 GMT",
        ] {
            assert_eq!(parse(text), Err(Unreadable), "{text}");
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
        fn what_is_written_from_the_year_100_on_reads_back(seconds in FIRST_SECOND..253_402_300_800_i64) {
            prop_assert_eq!(parse(&format(seconds).unwrap()), Ok(Some(seconds)));
        }

        #[test]
        fn no_text_is_a_panic(text in ".*|([0-9]{1,30}|[A-Za-z]{3}|[-+:., ]){0,9}") {
            let _ = parse(&text);
        }
    }
}
