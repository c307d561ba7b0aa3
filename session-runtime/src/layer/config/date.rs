//! A day in a setting, as `2027-01-31`. Days begin and end in UTC.

use time::{Date, Month, Time};

/// The first second after this day, in unix seconds. Nothing if the text is no day since 1970.
pub(super) fn end_of_day(text: &str) -> Option<u64> {
    let day = day(text)?.next_day()?;
    let end = day.with_time(Time::MIDNIGHT).assume_utc();
    end.unix_timestamp().try_into().ok()
}

fn day(text: &str) -> Option<Date> {
    let mut parts = text.split('-');
    let mut number = |digits: usize| {
        let part = parts.next()?;
        let is_number = part.len() == digits && part.bytes().all(|byte| byte.is_ascii_digit());
        is_number.then(|| part.parse::<u16>().ok()).flatten()
    };
    let (year, month, day) = (number(4)?, number(2)?, number(2)?);
    if parts.next().is_some() {
        return None;
    }
    let month = Month::try_from(u8::try_from(month).ok()?).ok()?;
    Date::from_calendar_date(year.into(), month, day.try_into().ok()?).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_day_ends_where_the_next_begins() {
        assert_eq!(end_of_day("1970-01-01"), Some(86_400));
        assert_eq!(end_of_day("2023-11-14"), Some(1_700_006_400));
        assert_eq!(end_of_day("2024-02-29"), Some(1_709_251_200));
    }

    #[test]
    fn what_is_no_day_is_refused() {
        for text in [
            "",
            "2027",
            "2027-1-31",
            "31.01.2027",
            "2027-02-30",
            "2027-13-01",
            "2027-01-31T00:00",
            "1969-12-30",
            "2027-01-31-",
            "+027-01-31",
            "9999-12-31",
        ] {
            assert_eq!(end_of_day(text), None, "{text}");
        }
    }
}
