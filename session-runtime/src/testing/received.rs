//! One cookie as a browser understands a `Set-Cookie` line (RFC 6265, section 5.2, and the draft that follows it), and the
//! reasons for which browsers refuse one. Knows nothing of sessions.

use cookie::{Cookie, SameSite};

/// What browsers keep of a name and a value, together, in bytes (RFC 6265bis, section 5.6).
const MAX_SIZE: usize = 4096;

/// A cookie that a browser would keep, or that makes it forget one.
#[derive(Clone, PartialEq, Eq)]
pub(super) struct ReceivedCookie {
    pub(super) name: String,
    pub(super) value: String,
    /// Where it came from, if it said so. It is only part of what tells two cookies apart.
    pub(super) domain: Option<String>,
    pub(super) path: String,
    /// Unix seconds; `None` if it ends with the browser.
    pub(super) expires: Option<u64>,
}

/// Why a browser would not keep a cookie.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum CookieRefused {
    /// The line is no `name=value`.
    #[error("a cookie must be `name=value`, with a name and without control characters")]
    Malformed,
    /// `__Secure-` or `__Host-`, `SameSite=None` or `Partitioned`, without `Secure`.
    #[error("browsers refuse the cookie `{name}`: what it says of itself needs `Secure`")]
    NeedsSecure {
        /// The cookie's name.
        name: String,
    },
    /// `__Host-` with a `Domain`, or with another path than `/`.
    #[error("browsers refuse the cookie `{name}`: `__Host-` needs `Path=/` and no `Domain`")]
    NotHostOnly {
        /// The cookie's name.
        name: String,
    },
    /// Its name and value are larger than browsers keep.
    #[error("browsers refuse the cookie `{name}`: it has {size} bytes, and they keep {MAX_SIZE}")]
    TooLarge {
        /// The cookie's name.
        name: String,
        /// The bytes of its name and its value.
        size: usize,
    },
}

impl ReceivedCookie {
    /// Reads a line that came at `now` with the response to a request for `request_path`.
    pub(super) fn parse(line: &str, request_path: &str, now: u64) -> Result<Self, CookieRefused> {
        if line.chars().any(|c| c.is_ascii_control() && c != '\t') {
            return Err(CookieRefused::Malformed);
        }
        let cookie = Cookie::parse(line).map_err(|_| CookieRefused::Malformed)?;
        let received = Self {
            name: cookie.name().to_owned(),
            value: cookie.value().to_owned(),
            domain: cookie
                .domain()
                .filter(|domain| !domain.is_empty())
                .map(str::to_ascii_lowercase),
            path: cookie
                .path()
                .filter(|path| path.starts_with('/'))
                .unwrap_or_else(|| default_path(request_path))
                .to_owned(),
            expires: expires(&cookie, now),
        };
        received.check(&cookie)?;
        Ok(received)
    }

    /// Whether both are one cookie, of which the later replaces the earlier.
    pub(super) fn replaces(&self, other: &Self) -> bool {
        self.name == other.name && self.domain == other.domain && self.path == other.path
    }

    pub(super) fn is_expired(&self, now: u64) -> bool {
        self.expires.is_some_and(|expires| expires <= now)
    }

    /// Whether it is sent with a request for `path` (RFC 6265, section 5.1.4).
    pub(super) fn matches(&self, path: &str) -> bool {
        path.strip_prefix(self.path.as_str()).is_some_and(|rest| {
            rest.is_empty() || rest.starts_with('/') || self.path.ends_with('/')
        })
    }

    fn check(&self, cookie: &Cookie<'_>) -> Result<(), CookieRefused> {
        let name = || self.name.clone();
        let has_prefix = |prefix: &str| {
            self.name
                .get(..prefix.len())
                .is_some_and(|start| start.eq_ignore_ascii_case(prefix))
        };
        let is_host = has_prefix("__Host-");
        let needs_secure = is_host
            || has_prefix("__Secure-")
            || cookie.same_site() == Some(SameSite::None)
            || cookie.partitioned() == Some(true);
        if needs_secure && cookie.secure() != Some(true) {
            return Err(CookieRefused::NeedsSecure { name: name() });
        }
        if is_host && (self.domain.is_some() || cookie.path() != Some("/")) {
            return Err(CookieRefused::NotHostOnly { name: name() });
        }
        let size = self.name.len() + self.value.len();
        if size > MAX_SIZE {
            return Err(CookieRefused::TooLarge { name: name(), size });
        }
        Ok(())
    }
}

/// `Max-Age` counts before `Expires`.
fn expires(cookie: &Cookie<'_>, now: u64) -> Option<u64> {
    match cookie.max_age() {
        Some(age) => Some(now.saturating_add(age.whole_seconds().max(0).unsigned_abs())),
        None => cookie
            .expires_datetime()
            .map(|at| at.unix_timestamp().max(0).unsigned_abs()),
    }
}

/// The folder of the request's path.
fn default_path(request_path: &str) -> &str {
    match request_path.rfind('/') {
        None | Some(0) => "/",
        Some(end) => &request_path[..end],
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: u64 = 1_700_000_000;

    fn parse(line: &str) -> Result<ReceivedCookie, CookieRefused> {
        ReceivedCookie::parse(line, "/shop/cart", NOW)
    }

    #[test]
    fn a_cookie_without_a_path_is_for_the_folder_it_came_from() {
        assert_eq!(parse("a=1").unwrap().path, "/shop");
        assert_eq!(parse("a=1; Path=relative").unwrap().path, "/shop");
        assert_eq!(parse("a=1; Path=/x").unwrap().path, "/x");
        assert_eq!(
            ReceivedCookie::parse("a=1", "/cart", NOW).unwrap().path,
            "/"
        );
    }

    #[test]
    fn a_path_matches_itself_and_what_is_below_it() {
        let cookie = parse("a=1; Path=/shop").unwrap();
        assert!(cookie.matches("/shop") && cookie.matches("/shop/cart"));
        assert!(!cookie.matches("/shopping") && !cookie.matches("/"));
        assert!(parse("a=1; Path=/").unwrap().matches("/anything"));
    }

    #[test]
    fn max_age_counts_before_expires() {
        let expires = |line: &str| parse(line).unwrap().expires;
        assert_eq!(expires("a=1"), None);
        assert_eq!(expires("a=1; Max-Age=60"), Some(NOW + 60));
        let date = "Expires=Thu, 01 Jan 1970 00:00:00 GMT";
        assert_eq!(expires(&format!("a=1; {date}")), Some(0));
        assert_eq!(expires(&format!("a=1; {date}; Max-Age=60")), Some(NOW + 60));
        assert!(parse("a=1; Max-Age=0").unwrap().is_expired(NOW));
        assert!(parse("a=1; Max-Age=-5").unwrap().is_expired(NOW));
    }

    #[test]
    fn what_needs_secure_is_refused_without_it() {
        for line in [
            "__Secure-a=1",
            "__host-a=1; Path=/",
            "a=1; SameSite=None",
            "a=1; Partitioned",
        ] {
            assert!(
                matches!(parse(line), Err(CookieRefused::NeedsSecure { .. })),
                "{line}"
            );
            assert!(parse(&format!("{line}; Secure")).is_ok(), "{line}");
        }
    }

    #[test]
    fn a_host_cookie_is_for_this_host_and_all_of_it() {
        assert!(parse("__Host-a=1; Secure; Path=/").is_ok());
        for attributes in [
            "Secure",
            "Secure; Path=/x",
            "Secure; Path=/; Domain=a.example",
        ] {
            assert!(
                matches!(
                    parse(&format!("__Host-a=1; {attributes}")),
                    Err(CookieRefused::NotHostOnly { .. })
                ),
                "{attributes}"
            );
        }
    }

    #[test]
    fn a_cookie_larger_than_browsers_keep_is_refused() {
        assert!(parse(&format!("a={}", "x".repeat(4095))).is_ok());
        let name = "a".to_owned();
        assert_eq!(
            parse(&format!("a={}", "x".repeat(4096))).err(),
            Some(CookieRefused::TooLarge { name, size: 4097 })
        );
    }

    #[test]
    fn what_is_no_pair_is_refused() {
        for line in ["", "a", "=1", "; Path=/", "a=1\u{0}"] {
            assert_eq!(
                parse(line).err(),
                Some(CookieRefused::Malformed),
                "{line:?}"
            );
        }
    }
}
