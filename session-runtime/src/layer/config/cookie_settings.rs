//! The cookie's name and attributes, and which of them may stand together (RFC 6265bis, and what browsers enforce).

use std::fmt;
use std::str::FromStr;

use percent_encoding::{AsciiSet, CONTROLS, utf8_percent_encode};

use super::ConfigError;

/// What a session's cookie is called where nobody says otherwise, behind a prefix that follows from its attributes.
const USUAL: &str = "session";

/// The cookie's name and attributes.
///
/// They can contradict each other, so they are set together, with [`SessionConfig::cookie`](crate::SessionConfig::cookie),
/// which checks them.
///
/// ```
/// use session_runtime::{CookieSettings, SameSite, SessionConfig, signing::SecretKey};
///
/// let config = SessionConfig::new(SecretKey::generate())
///     .cookie(CookieSettings::new().name("__Host-shop").same_site(SameSite::Strict))?;
/// # Ok::<(), session_runtime::ConfigError>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
#[must_use]
pub struct CookieSettings {
    name: Option<String>,
    pub(crate) domain: Option<String>,
    pub(crate) path: String,
    /// Nothing where nobody said it, as in Flask's settings.
    secure: Option<bool>,
    pub(crate) http_only: bool,
    pub(crate) same_site: Option<SameSite>,
    pub(crate) partitioned: bool,
    pub(crate) max_size: usize,
}

/// Which of another site's requests carry the cookie (RFC 6265bis, section 5.6.7).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SameSite {
    /// None of them, not even when the visitor follows a link to this site.
    Strict,
    /// Only that the visitor follows a link to this site.
    Lax,
    /// All of them, as a page that is embedded in another site needs. The cookie must then be `Secure`.
    None,
}

impl CookieSettings {
    /// `Secure`, `HttpOnly`, `SameSite=Lax`, `Path=/`, no `Domain`, and the name that follows from that.
    pub fn new() -> Self {
        Self {
            name: None,
            domain: None,
            path: "/".to_owned(),
            secure: Some(true),
            http_only: true,
            same_site: Some(SameSite::Lax),
            partitioned: false,
            max_size: 4096,
        }
    }

    /// Flask's own: the name `session`, `HttpOnly`, `Path=/`, and nothing else.
    pub fn flask() -> Self {
        Self {
            name: Some("session".to_owned()),
            secure: None,
            same_site: None,
            ..Self::new()
        }
    }

    /// The name (Flask: `SESSION_COOKIE_NAME`). Without one it is `__Host-session`, which a browser takes over HTTPS from this
    /// host only; `__Secure-session` where a path or domain is set; and `session` where the cookie is not `Secure`.
    pub fn name(self, name: impl Into<String>) -> Self {
        Self {
            name: Some(name.into()),
            ..self
        }
    }

    /// The domain whose hosts get the cookie (Flask: `SESSION_COOKIE_DOMAIN`). Without one it is this host only.
    ///
    /// A leading dot and a port are left out, as Flask does: to a browser they mean nothing.
    pub fn domain(self, domain: impl Into<String>) -> Self {
        Self {
            domain: Some(without_dot_and_port(&domain.into()).to_ascii_lowercase()),
            ..self
        }
    }

    /// The path below which requests carry the cookie (Flask: `SESSION_COOKIE_PATH`); `/` by default.
    ///
    /// What a request's path has percent-encoded is so in the attribute too, as Flask does: `/my app` becomes `/my%20app`.
    /// What is encoded already stays as it is.
    pub fn path(self, path: impl Into<String>) -> Self {
        Self {
            path: encoded_path(&path.into()),
            ..self
        }
    }

    /// Whether the cookie goes over HTTPS only (Flask: `SESSION_COOKIE_SECURE`); it does by default. Chromium, Firefox and curl make an
    /// exception for `localhost`; over plain HTTP no browser keeps it from any other host.
    pub fn secure(self, secure: bool) -> Self {
        Self {
            secure: Some(secure),
            ..self
        }
    }

    /// Whether scripts cannot read the cookie (Flask: `SESSION_COOKIE_HTTPONLY`); they cannot by default.
    pub fn http_only(self, http_only: bool) -> Self {
        Self { http_only, ..self }
    }

    /// Which of another site's requests carry the cookie (Flask: `SESSION_COOKIE_SAMESITE`); [`SameSite::Lax`] by default.
    /// `None::<SameSite>` leaves the attribute out, and the browser decides.
    pub fn same_site(self, same_site: impl Into<Option<SameSite>>) -> Self {
        Self {
            same_site: same_site.into(),
            ..self
        }
    }

    /// Whether each site that embeds this one has a cookie of its own (CHIPS; Flask: `SESSION_COOKIE_PARTITIONED`). The cookie
    /// must then be `Secure`; in Flask's settings, where nothing says otherwise, it then is.
    pub fn partitioned(self, partitioned: bool) -> Self {
        Self {
            partitioned,
            ..self
        }
    }

    /// How large the cookie may be, in bytes of name and value together (Flask: `MAX_COOKIE_SIZE`); 4096 by default, which is
    /// what browsers keep. A larger one is an error and is not sent. 0 is no limit, as in Flask.
    pub fn max_size(self, bytes: usize) -> Self {
        Self {
            max_size: bytes,
            ..self
        }
    }

    /// Whether the cookie is sent with `Secure`.
    pub(crate) fn is_secure(&self) -> bool {
        self.secure.unwrap_or(self.partitioned)
    }

    /// The name, or the one that follows from the attributes.
    pub(crate) fn resolved_name(&self) -> String {
        self.name.clone().unwrap_or_else(|| self.name_for(USUAL))
    }

    /// Whether a session's cookie has this name where nobody has chosen one, whatever its attributes are.
    pub(super) fn is_usual(name: &str) -> bool {
        let prefixes = ["", "__Host-", "__Secure-"];
        prefixes
            .iter()
            .any(|prefix| name.strip_prefix(prefix) == Some(USUAL))
    }

    /// The name that somebody chose.
    pub(crate) fn own_name(&self) -> Option<&str> {
        self.name.as_deref()
    }

    /// The attributes, for a cookie of another name.
    pub(super) fn without_name(self) -> Self {
        Self { name: None, ..self }
    }

    /// A name that follows from the attributes.
    pub(crate) fn name_for(&self, what: &str) -> String {
        let prefix = match (self.is_secure(), self.path == "/" && self.domain.is_none()) {
            (false, _) => "",
            (true, true) => "__Host-",
            (true, false) => "__Secure-",
        };
        format!("{prefix}{what}")
    }

    /// What a browser would refuse, or what a header cannot say.
    pub(in crate::layer) fn check(&self) -> Result<(), ConfigError> {
        let name = self.resolved_name();
        // Browsers compare the prefixes without regard to case.
        let has_prefix = |prefix: &str| {
            name.get(..prefix.len())
                .is_some_and(|start| start.eq_ignore_ascii_case(prefix))
        };
        let is_host = has_prefix("__Host-");
        if !is_token(&name) {
            return Err(ConfigError::CookieName { name });
        }
        if let Some(domain) = self.domain.clone().filter(|domain| !is_host_name(domain)) {
            return Err(ConfigError::CookieDomain { domain });
        }
        if !self.path.starts_with('/') {
            return Err(ConfigError::CookiePath {
                path: self.path.clone(),
            });
        }
        if !self.is_secure() && (is_host || has_prefix("__Secure-")) {
            return Err(ConfigError::PrefixWithoutSecure { name });
        }
        if is_host && self.domain.is_some() {
            return Err(ConfigError::HostPrefixWithDomain { name });
        }
        if is_host && self.path != "/" {
            return Err(ConfigError::HostPrefixWithPath { name });
        }
        if !self.is_secure() && self.same_site == Some(SameSite::None) {
            return Err(ConfigError::SameSiteNoneWithoutSecure);
        }
        if !self.is_secure() && self.partitioned {
            return Err(ConfigError::PartitionedWithoutSecure);
        }
        Ok(())
    }
}

impl Default for CookieSettings {
    fn default() -> Self {
        Self::new()
    }
}

impl SameSite {
    pub(crate) fn to_cookie(self) -> cookie::SameSite {
        match self {
            Self::Strict => cookie::SameSite::Strict,
            Self::Lax => cookie::SameSite::Lax,
            Self::None => cookie::SameSite::None,
        }
    }
}

/// The text is none of `Strict`, `Lax` and `None`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("SameSite is `Strict`, `Lax` or `None`")]
pub struct UnknownSameSite;

impl FromStr for SameSite {
    type Err = UnknownSameSite;

    /// Reads `Strict`, `Lax` or `None` in any letter case.
    fn from_str(text: &str) -> Result<Self, UnknownSameSite> {
        let known = [Self::Strict, Self::Lax, Self::None];
        known
            .into_iter()
            .find(|value| text.eq_ignore_ascii_case(&value.to_string()))
            .ok_or(UnknownSameSite)
    }
}

impl fmt::Display for SameSite {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(self, f)
    }
}

/// A token of RFC 9110, which a cookie's name must be.
fn is_token(text: &str) -> bool {
    !text.is_empty()
        && text
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&byte))
}

/// A domain as a cookie says it: RFC 6265 ignores a leading dot, and a cookie belongs to all ports of a host.
fn without_dot_and_port(domain: &str) -> &str {
    let domain = domain.strip_prefix('.').unwrap_or(domain);
    match domain.split_once(':') {
        Some((host, port)) if port.bytes().all(|byte| byte.is_ascii_digit()) => host,
        _ => domain,
    }
}

/// A host name. A browser drops a cookie with any other Domain, and says so to nobody.
fn is_host_name(domain: &str) -> bool {
    domain.split('.').all(|label| {
        !label.is_empty()
            && label
                .bytes()
                .all(|byte| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_')
    })
}

/// The path with percent-encoding where Werkzeug has it. `;` would end the attribute.
fn encoded_path(path: &str) -> String {
    const IN_PATH: &AsciiSet = &CONTROLS
        .add(b' ')
        .add(b'"')
        .add(b'#')
        .add(b';')
        .add(b'<')
        .add(b'>')
        .add(b'?')
        .add(b'[')
        .add(b'\\')
        .add(b']')
        .add(b'^')
        .add(b'`')
        .add(b'{')
        .add(b'|')
        .add(b'}');
    utf8_percent_encode(path, IN_PATH).to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn error(settings: CookieSettings) -> String {
        settings.check().unwrap_err().to_string()
    }

    #[test]
    fn the_name_follows_from_the_attributes() {
        assert_eq!(CookieSettings::new().resolved_name(), "__Host-session");
        assert_eq!(
            CookieSettings::new().path("/app").resolved_name(),
            "__Secure-session"
        );
        assert_eq!(
            CookieSettings::new().domain("example.com").resolved_name(),
            "__Secure-session"
        );
        assert_eq!(
            CookieSettings::new().secure(false).resolved_name(),
            "session"
        );
        assert_eq!(
            CookieSettings::flask().secure(true).resolved_name(),
            "session"
        );
    }

    #[test]
    fn the_defaults_and_flasks_are_right() {
        assert_eq!(CookieSettings::new().check(), Ok(()));
        assert_eq!(CookieSettings::flask().check(), Ok(()));
        assert_eq!(
            CookieSettings::new()
                .same_site(SameSite::None)
                .partitioned(true)
                .check(),
            Ok(())
        );
    }

    #[test]
    fn every_contradiction_has_its_own_sentence() {
        let plain = || CookieSettings::new().secure(false);
        assert_eq!(
            error(plain().same_site(SameSite::None)),
            "browsers refuse SameSite=None without Secure; set Secure (SESSION_COOKIE_SECURE=true) or SameSite=Lax"
        );
        assert_eq!(
            error(plain().name("__host-a")),
            "browsers refuse a cookie named `__host-a` without Secure; set Secure (SESSION_COOKIE_SECURE=true) or choose a name without the prefix"
        );
        assert_eq!(
            error(CookieSettings::new().name("__Host-a").domain("example.com")),
            "browsers refuse a cookie named `__Host-a` with a Domain; leave the Domain out or name it `__Secure-…`"
        );
        assert_eq!(
            error(CookieSettings::new().name("__Host-a").path("/app")),
            "browsers refuse a cookie named `__Host-a` with another Path than `/`; set Path=/ or name it `__Secure-…`"
        );
    }

    #[test]
    fn a_domain_is_a_host_name_without_flasks_leading_dot_and_port() {
        for (domain, host) in [
            ("example.com", "example.com"),
            (".example.com", "example.com"),
            (".example.com:8080", "example.com"),
            ("localhost:5000", "localhost"),
            ("xn--4ca.example", "xn--4ca.example"),
        ] {
            let settings = CookieSettings::new().domain(domain);
            assert_eq!(settings.check(), Ok(()), "{domain}");
            assert_eq!(settings.domain.as_deref(), Some(host));
        }
    }

    #[test]
    fn a_path_is_percent_encoded_as_a_requests_path_is() {
        for (path, encoded) in [
            ("/app", "/app"),
            ("/ä b;c", "/%C3%A4%20b%3Bc"),
            ("/my%20app", "/my%20app"),
            ("/a\n", "/a%0A"),
            // What Werkzeug leaves as it is, and the rest of ASCII.
            ("/_.-~%!$&'()*+,/:=@", "/_.-~%!$&'()*+,/:=@"),
            (
                "/\"#<>?[\\]^`{|}\u{7f}",
                "/%22%23%3C%3E%3F%5B%5C%5D%5E%60%7B%7C%7D%7F",
            ),
        ] {
            let settings = CookieSettings::new().path(path);
            assert_eq!(settings.check(), Ok(()), "{path}");
            assert_eq!(settings.path, encoded);
        }
    }

    #[test]
    fn in_flasks_settings_partitioned_implies_secure_unless_somebody_says_otherwise() {
        let settings = CookieSettings::flask().partitioned(true);
        assert!(settings.is_secure());
        assert_eq!(settings.same_site(SameSite::None).check(), Ok(()));
        assert_eq!(
            error(CookieSettings::flask().partitioned(true).secure(false)),
            "browsers refuse Partitioned without Secure; set Secure (SESSION_COOKIE_SECURE=true) or leave Partitioned off"
        );
    }

    #[test]
    fn what_a_header_cannot_say_is_an_error() {
        for name in ["", "a b", "a=b", "a;b", "ä"] {
            assert!(
                error(CookieSettings::new().name(name)).starts_with("a cookie cannot be named"),
                "{name}"
            );
        }
        for path in ["", "app", "ä"] {
            assert!(
                error(CookieSettings::new().path(path)).starts_with("a cookie's Path"),
                "{path}"
            );
        }
        for domain in [
            "",
            ".",
            "a;b",
            "a b",
            "a..example",
            "ä.example",
            "example.com:port",
            "https://example.com",
        ] {
            assert!(
                error(CookieSettings::new().domain(domain)).starts_with("a cookie's Domain"),
                "{domain}"
            );
        }
    }
}
