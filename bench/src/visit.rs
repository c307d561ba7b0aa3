//! A request as a browser sends it, before any framework has a type for it, and what came back.

/// The name of the session's cookie, for every contender the same.
pub(crate) const COOKIE: &str = "__Host-session";

/// One request.
#[derive(Clone, Debug)]
pub(crate) struct Visit {
    pub(crate) method: &'static str,
    pub(crate) path: &'static str,
    /// The value of the session's cookie.
    session: Option<String>,
}

impl Visit {
    pub(crate) const fn get(path: &'static str) -> Self {
        Self {
            method: "GET",
            path,
            session: None,
        }
    }

    pub(crate) const fn post(path: &'static str) -> Self {
        Self {
            method: "POST",
            path,
            session: None,
        }
    }

    /// The same request with this session.
    pub(crate) fn with(&self, session: &str) -> Self {
        Self {
            session: Some(session.to_owned()),
            ..*self
        }
    }

    /// The headers that a browser sends, with cookies of two others around the session's.
    pub(crate) fn headers(&self) -> [(&'static str, String); 6] {
        let mut cookies = "_ga=GA1.2.1403127462.1699999321; ".to_owned();
        if let Some(session) = &self.session {
            cookies.push_str(&format!("{COOKIE}={session}; "));
        }
        cookies.push_str("consent=necessary%2Cstatistics");
        [
            ("host", "shop.example.org".to_owned()),
            (
                "user-agent",
                "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0".to_owned(),
            ),
            (
                "accept",
                "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8".to_owned(),
            ),
            ("accept-language", "en-GB,en;q=0.5".to_owned()),
            ("accept-encoding", "gzip, deflate, br, zstd".to_owned()),
            ("cookie", cookies),
        ]
    }
}

/// One response.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) set_cookies: Vec<String>,
    pub(crate) body: String,
}
