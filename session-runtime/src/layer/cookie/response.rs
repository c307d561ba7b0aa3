//! Writing the session's cookie: `Set-Cookie` with the attributes of the configuration (RFC 6265bis).

use std::borrow::Cow;
use std::io::Write as _;
use std::time::{Duration, SystemTime};

use cookie::Cookie;
use http::HeaderValue;
use httpdate::HttpDate;

use crate::layer::config::{CookieSettings, SameSite};
use crate::store::Frame;

/// The last second of the year 9999: a cookie's date has four digits for its year.
const LAST_SECOND: u64 = 253_402_300_799;

/// How many bytes `; Expires=` and its date have.
const EXPIRES: usize = 39;

/// Writes `Set-Cookie` lines that differ in value and life only.
#[derive(Clone)]
pub(crate) struct SetCookie {
    settings: CookieSettings,
    /// What stands before the value: the name and `=`.
    lead: Box<str>,
    /// What stands after it, but for its life.
    attributes: Box<str>,
}

impl SetCookie {
    pub(crate) fn new(settings: &CookieSettings) -> Self {
        let name = settings.resolved_name();
        let mut cookie = Cookie::new(name.as_str(), "");
        cookie.set_path(settings.path.as_str());
        if let Some(domain) = &settings.domain {
            cookie.set_domain(domain.as_str());
        }
        cookie.set_http_only(settings.http_only.then_some(true));
        cookie.set_secure(settings.is_secure().then_some(true));
        cookie.set_partitioned(settings.partitioned.then_some(true));
        cookie.set_same_site(settings.same_site.map(SameSite::to_cookie));
        let line = cookie.to_string();
        let (lead, attributes) = line.split_at(name.len() + "=".len());
        Self {
            settings: settings.clone(),
            lead: lead.into(),
            attributes: attributes.into(),
        }
    }

    pub(crate) fn name(&self) -> &str {
        &self.lead[..self.lead.len() - "=".len()]
    }

    pub(crate) fn settings(&self) -> &CookieSettings {
        &self.settings
    }

    /// Whether a browser keeps one or the other, and not both: name, Domain, Path, and whether it is partitioned (RFC 6265bis,
    /// section 5.7, and CHIPS).
    pub(crate) fn has_scope_of(&self, other: &Self) -> bool {
        let scope = |cookie: &Self| {
            let settings = &cookie.settings;
            let (domain, path) = (settings.domain.clone(), settings.path.clone());
            (cookie.lead.clone(), domain, path, settings.partitioned)
        };
        scope(self) == scope(other)
    }

    /// What stands around the value.
    pub(crate) fn frame(&self) -> Frame<'_> {
        Frame {
            lead: &self.lead,
            attributes: self.attributes.len(),
            expires: EXPIRES,
        }
    }

    /// Ends a line that begins with the frame's lead and a value. The cookie ends at `expires`, in unix seconds, or with
    /// the browser. `None` only if the value has what no header may hold, which no token has.
    pub(crate) fn finish(&self, mut line: Vec<u8>, expires: Option<u64>) -> Option<HeaderValue> {
        line.extend_from_slice(self.attributes.as_bytes());
        if let Some(expires) = expires {
            push_expires(&mut line, expires);
        }
        sensitive(line)
    }

    /// Deletes the cookie, with the attributes that it was set with.
    pub(crate) fn remove(&self) -> Option<HeaderValue> {
        let mut line = [&*self.lead, &*self.attributes, "; Max-Age=0"]
            .concat()
            .into_bytes();
        push_expires(&mut line, 0);
        sensitive(line)
    }
}

/// A value as Werkzeug writes it: quoted where it has what a cookie cannot have as it is.
pub(crate) fn quoted(value: &str) -> Cow<'_, str> {
    let is_plain =
        |byte: u8| byte.is_ascii_alphanumeric() || b"_!#$%&'()*+-./:<=>?@[]^`{|}~".contains(&byte);
    if value.bytes().all(is_plain) {
        return Cow::Borrowed(value);
    }
    let mut quoted = "\"".to_owned();
    for byte in value.bytes() {
        match byte {
            b'"' | b'\\' => quoted.extend(['\\', char::from(byte)]),
            b';' | b',' | 0..b' ' | 0x7f.. => {
                // Writing to memory cannot fail.
                let _ = std::fmt::Write::write_fmt(&mut quoted, format_args!("\\{byte:03o}"));
            }
            byte => quoted.push(char::from(byte)),
        }
    }
    quoted.push('"');
    Cow::Owned(quoted)
}

fn push_expires(line: &mut Vec<u8>, unix_seconds: u64) {
    let expires = SystemTime::UNIX_EPOCH + Duration::from_secs(unix_seconds.min(LAST_SECOND));
    // Writing to memory cannot fail.
    let _ = write!(line, "; Expires={}", HttpDate::from(expires));
}

fn sensitive(line: Vec<u8>) -> Option<HeaderValue> {
    let mut value = HeaderValue::try_from(line).ok()?;
    value.set_sensitive(true);
    Some(value)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use proptest::prelude::*;

    use super::*;

    impl SetCookie {
        fn set(&self, value: &str, expires: Option<u64>) -> Option<HeaderValue> {
            self.finish([&*self.lead, value].concat().into_bytes(), expires)
        }
    }

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

    #[test]
    fn a_line_has_the_room_that_was_said() {
        let cookie = SetCookie::new(&CookieSettings::flask());
        let line = cookie.set("v", Some(1_700_000_000)).unwrap();
        let frame = cookie.frame();
        let room = frame.lead.len() + "v".len() + frame.attributes + frame.expires;
        assert_eq!(line.len(), room);
    }

    proptest! {
        #[test]
        fn a_browser_reads_what_was_set(value in "[A-Za-z0-9_.-]{0,200}", expires in proptest::option::of(0..LAST_SECOND)) {
            let cookie = SetCookie::new(&CookieSettings::new().path("/app"));
            let line = cookie.set(&value, expires).unwrap();
            let read = Cookie::parse(line.to_str().unwrap()).unwrap();
            prop_assert_eq!((read.name(), read.value()), ("__Secure-session", value.as_str()));
            prop_assert_eq!(read.path(), Some("/app"));
            prop_assert_eq!((read.secure(), read.http_only()), (Some(true), Some(true)));
            let read = read.expires_datetime().map(|date| date.unix_timestamp());
            prop_assert_eq!(read, expires.map(|expires| i64::try_from(expires).unwrap()));
        }
    }
}
