//! Where a redirect leads, and by which method (RFC 9110, section 15.4; Fetch standard, HTTP-redirect fetch).

use http::{HeaderValue, Method, StatusCode, Uri};

use super::response::TestResponse;

/// The request that follows, if the response is a redirect within the application that needs no body.
pub(super) fn next(
    method: &Method,
    uri: &Uri,
    host: Option<&HeaderValue>,
    response: &TestResponse,
) -> Option<(Method, Uri)> {
    let method = next_method(method, response.status())?;
    let path = resolve(uri, host?.to_str().ok()?, response.location()?)?;
    Some((method, path.parse().ok()?))
}

fn next_method(method: &Method, status: StatusCode) -> Option<Method> {
    let is_read = matches!(*method, Method::GET | Method::HEAD);
    match status {
        StatusCode::SEE_OTHER if !is_read => Some(Method::GET),
        StatusCode::MOVED_PERMANENTLY | StatusCode::FOUND if *method == Method::POST => {
            Some(Method::GET)
        }
        StatusCode::SEE_OTHER
        | StatusCode::MOVED_PERMANENTLY
        | StatusCode::FOUND
        | StatusCode::TEMPORARY_REDIRECT
        | StatusCode::PERMANENT_REDIRECT => is_read.then(|| method.clone()),
        _ => None,
    }
}

/// The path and query of `location`, seen from `uri` on `host`; `None` if it is elsewhere (RFC 3986, section 5.2).
fn resolve(uri: &Uri, host: &str, location: &str) -> Option<String> {
    let location = location.split('#').next().unwrap_or_default();
    let elsewhere = location
        .strip_prefix("https:")
        .or_else(|| location.strip_prefix("http:"))
        .unwrap_or(location);
    if let Some(rest) = elsewhere.strip_prefix("//") {
        let rest = rest.strip_prefix(host)?;
        return match rest.chars().next() {
            None => Some("/".to_owned()),
            Some('/') => Some(rest.to_owned()),
            Some('?') => Some(format!("/{rest}")),
            Some(_) => None,
        };
    }
    let path = uri.path();
    match location.chars().next() {
        None => Some(uri.to_string()),
        Some('/') => Some(location.to_owned()),
        Some('?') => Some(format!("{path}{location}")),
        Some(_) => Some(without_dots(&path[..=path.rfind('/')?], location)),
    }
}

/// `folder`, which ends with `/`, and a relative reference, with its `.` and `..` carried out.
fn without_dots(folder: &str, reference: &str) -> String {
    let (path, query) = match reference.split_once('?') {
        Some((path, query)) => (path, format!("?{query}")),
        None => (reference, String::new()),
    };
    let mut segments: Vec<&str> = folder.split('/').collect();
    for segment in path.split('/') {
        segments.pop_if(|last| last.is_empty());
        match segment {
            "." => segments.push(""),
            ".." => {
                segments.pop_if(|_| true);
                segments.push("");
            }
            _ => segments.push(segment),
        }
    }
    format!("/{}{query}", segments.join("/").trim_start_matches('/'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_redirect_is_followed_within_the_application_only() {
        let from = |location| resolve(&Uri::from_static("/shop/cart?a=1"), "localhost", location);
        for (location, path) in [
            ("/", Some("/")),
            ("/x?y=1#z", Some("/x?y=1")),
            ("?b=2", Some("/shop/cart?b=2")),
            ("", Some("/shop/cart?a=1")),
            ("pay", Some("/shop/pay")),
            ("./pay/?c=../3", Some("/shop/pay/?c=../3")),
            ("../", Some("/")),
            ("../../x", Some("/x")),
            ("..", Some("/")),
            ("https://localhost/x", Some("/x")),
            ("http://localhost", Some("/")),
            ("//localhost?b", Some("/?b")),
            ("https://localhost.evil.example/", None),
            ("https://localhost:8080/", None),
            ("//evil.example/", None),
        ] {
            assert_eq!(from(location).as_deref(), path, "{location}");
        }
    }

    #[test]
    fn only_what_needs_no_body_is_followed() {
        let next = |method, status| next_method(&method, StatusCode::from_u16(status).unwrap());
        assert_eq!(next(Method::POST, 303), Some(Method::GET));
        assert_eq!(next(Method::POST, 302), Some(Method::GET));
        assert_eq!(next(Method::PUT, 303), Some(Method::GET));
        assert_eq!(next(Method::HEAD, 303), Some(Method::HEAD));
        assert_eq!(next(Method::GET, 307), Some(Method::GET));
        assert_eq!(next(Method::POST, 307), None);
        assert_eq!(next(Method::PUT, 302), None);
        assert_eq!(next(Method::GET, 304), None);
        assert_eq!(next(Method::GET, 200), None);
    }
}
