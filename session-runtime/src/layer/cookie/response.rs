//! Writing the session's cookie: `Set-Cookie` with the attributes of the configuration (RFC 6265bis).

use cookie::{Cookie, Expiration};
use http::HeaderValue;
use time::{Duration, OffsetDateTime};

use crate::layer::config::{CookieSettings, SameSite};

/// The last second of the year 9999: a cookie's date has four digits for its year.
const LAST_SECOND: i64 = 253_402_300_799;

/// Writes `Set-Cookie` lines that differ in value and life only.
#[derive(Clone)]
pub(crate) struct SetCookie {
    /// Without value and life.
    cookie: Cookie<'static>,
}

impl SetCookie {
    pub(crate) fn new(settings: &CookieSettings) -> Self {
        let mut cookie = Cookie::new(settings.resolved_name(), "");
        cookie.set_path(settings.path.clone());
        if let Some(domain) = &settings.domain {
            cookie.set_domain(domain.clone());
        }
        cookie.set_http_only(settings.http_only.then_some(true));
        cookie.set_secure(settings.is_secure().then_some(true));
        cookie.set_partitioned(settings.partitioned.then_some(true));
        cookie.set_same_site(settings.same_site.map(SameSite::to_cookie));
        Self { cookie }
    }

    pub(crate) fn name(&self) -> &str {
        self.cookie.name()
    }

    /// Sets the cookie, to end at `expires`, in unix seconds, or with the browser. `None` only if the value has what no
    /// header may hold, which no token has.
    pub(crate) fn set(&self, value: &str, expires: Option<u64>) -> Option<HeaderValue> {
        let mut cookie = self.cookie.clone();
        cookie.set_value(value.to_owned());
        if let Some(expires) = expires {
            cookie.set_expires(date(expires));
        }
        header(&cookie)
    }

    /// Deletes the cookie, with the attributes that it was set with.
    pub(crate) fn remove(&self) -> Option<HeaderValue> {
        let mut cookie = self.cookie.clone();
        cookie.set_expires(date(0));
        cookie.set_max_age(Duration::ZERO);
        header(&cookie)
    }
}

fn date(unix_seconds: u64) -> Expiration {
    let seconds =
        i64::try_from(unix_seconds).map_or(LAST_SECOND, |seconds| seconds.min(LAST_SECOND));
    OffsetDateTime::from_unix_timestamp(seconds).map_or(Expiration::Session, Expiration::from)
}

fn header(cookie: &Cookie<'_>) -> Option<HeaderValue> {
    let mut value = HeaderValue::try_from(cookie.to_string()).ok()?;
    value.set_sensitive(true);
    Some(value)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    fn attributes(line: Option<HeaderValue>) -> BTreeSet<String> {
        line.unwrap()
            .to_str()
            .unwrap()
            .split("; ")
            .map(str::to_owned)
            .collect()
    }

    fn set(texts: &[&str]) -> BTreeSet<String> {
        texts.iter().map(|text| (*text).to_owned()).collect()
    }

    #[test]
    fn the_defaults_are_secure_http_only_and_lax() {
        let cookie = SetCookie::new(&CookieSettings::new());
        assert_eq!(
            attributes(cookie.set("v", None)),
            set(&[
                "__Host-session=v",
                "HttpOnly",
                "Path=/",
                "SameSite=Lax",
                "Secure"
            ])
        );
    }

    #[test]
    fn a_life_is_said_by_expires_only() {
        let cookie = SetCookie::new(&CookieSettings::flask());
        assert_eq!(
            attributes(cookie.set("v", Some(1_700_000_000))),
            set(&[
                "Expires=Tue, 14 Nov 2023 22:13:20 GMT",
                "HttpOnly",
                "Path=/",
                "session=v"
            ])
        );
    }

    #[test]
    fn deleting_carries_every_attribute() {
        let settings = CookieSettings::new()
            .domain("example.com")
            .path("/app")
            .same_site(SameSite::Strict)
            .partitioned(true);
        let set_with = attributes(SetCookie::new(&settings).set("", None));
        let removed = attributes(SetCookie::new(&settings).remove());
        let life = set(&["Expires=Thu, 01 Jan 1970 00:00:00 GMT", "Max-Age=0"]);
        assert_eq!(removed, &set_with | &life);
    }

    #[test]
    fn no_date_is_beyond_what_a_browser_reads() {
        let line = SetCookie::new(&CookieSettings::flask())
            .set("v", Some(u64::MAX))
            .unwrap();
        assert!(
            line.to_str().unwrap().contains("Expires=Fri, 31 Dec 9999 "),
            "{line:?}"
        );
    }
}
