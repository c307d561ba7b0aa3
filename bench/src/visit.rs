//! A request as a browser sends it, before any framework has a type for it, and what came back.

/// The name of the session's cookie, for every contender the same.
pub(crate) const COOKIE: &str = "__Host-session";

/// One request.
#[derive(Clone, Debug)]
pub(crate) struct Visit {
    pub(crate) method: &'static str,
    pub(crate) path: &'static str,
    /// The values of the session's cookies, a list a line.
    sessions: Vec<Vec<String>>,
}

impl Visit {
    pub(crate) const fn get(path: &'static str) -> Self {
        Self {
            method: "GET",
            path,
            sessions: Vec::new(),
        }
    }

    pub(crate) const fn post(path: &'static str) -> Self {
        Self {
            method: "POST",
            path,
            sessions: Vec::new(),
        }
    }

    /// The same request with this session.
    pub(crate) fn with(&self, session: &str) -> Self {
        self.with_lines(&[&[session]])
    }

    /// The same request with several `Cookie` lines, and on each these sessions.
    pub(crate) fn with_lines(&self, lines: &[&[&str]]) -> Self {
        let sessions = lines
            .iter()
            .map(|line| line.iter().map(|&session| session.to_owned()).collect());
        Self {
            sessions: sessions.collect(),
            ..*self
        }
    }

    /// The headers that a browser sends, with cookies of two others around the session's.
    pub(crate) fn headers(&self) -> Vec<(&'static str, String)> {
        let line = |sessions: &[String]| {
            let mut cookies = "_ga=GA1.2.1403127462.1699999321; ".to_owned();
            for session in sessions {
                cookies.push_str(&format!("{COOKIE}={session}; "));
            }
            cookies.push_str("consent=necessary%2Cstatistics");
            ("cookie", cookies)
        };
        let mut headers = vec![
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
        ];
        if self.sessions.is_empty() {
            headers.push(line(&[]));
        }
        headers.extend(self.sessions.iter().map(|sessions| line(sessions)));
        headers
    }
}

/// One response.
#[derive(Clone, Debug)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    /// Names in lower case, and values.
    pub(crate) headers: Vec<(String, String)>,
    pub(crate) body: String,
}

impl Answer {
    /// The values of all lines of a header.
    pub(crate) fn header(&self, name: &str) -> Vec<&str> {
        let lines = self.headers.iter().filter(|(known, _)| known == name);
        lines.map(|(_, value)| value.as_str()).collect()
    }

    pub(crate) fn set_cookies(&self) -> Vec<&str> {
        self.header("set-cookie")
    }
}
