//! Is this request a browser that shows a page to somebody, or a program that wants an answer?
//!
//! Only the first may be sent to a login page: a script that follows the redirect takes the login page for its answer.
//! This reads headers and knows neither sessions nor guards.

use http::header::ACCEPT;
use http::request::Parts;
use http::{HeaderMap, Method};

/// Whether somebody is about to look at the answer as a page.
///
/// A browser says so itself: `Sec-Fetch-Mode: navigate` (Fetch Metadata, W3C). A client that sends no such header is one if
/// it accepts `text/html` by name.
pub(super) fn is_page_view(parts: &Parts) -> bool {
    let headers = &parts.headers;
    if !matches!(parts.method, Method::GET | Method::HEAD | Method::POST) || is_script(headers) {
        return false;
    }
    match headers.get("sec-fetch-mode") {
        Some(mode) => mode.as_bytes().eq_ignore_ascii_case(b"navigate"),
        None => accepts(headers, "text/html"),
    }
}

/// Whether htmx made the request: it follows a `303` inside the fragment, and obeys `HX-Redirect`.
pub(super) fn is_htmx(headers: &HeaderMap) -> bool {
    headers
        .get("hx-request")
        .is_some_and(|value| value.as_bytes().eq_ignore_ascii_case(b"true"))
}

fn is_script(headers: &HeaderMap) -> bool {
    is_htmx(headers)
        || headers
            .get("x-requested-with")
            .is_some_and(|value| value.as_bytes().eq_ignore_ascii_case(b"XMLHttpRequest"))
        || accepts(headers, "text/event-stream")
        || accepts(headers, "application/json")
}

fn accepts(headers: &HeaderMap, media_type: &str) -> bool {
    headers
        .get_all(ACCEPT)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(','))
        .any(|range| {
            let named = range.split(';').next().unwrap_or_default();
            named.trim().eq_ignore_ascii_case(media_type)
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn request(method: Method, headers: &[(&str, &str)]) -> Parts {
        let mut request = http::Request::builder().method(method).uri("/");
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        request.body(()).unwrap().into_parts().0
    }

    fn get(headers: &[(&str, &str)]) -> bool {
        is_page_view(&request(Method::GET, headers))
    }

    const BROWSER: (&str, &str) = (
        "accept",
        "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8",
    );

    #[test]
    fn a_navigation_is_a_page_view_and_a_fetch_is_none() {
        assert!(get(&[("sec-fetch-mode", "navigate"), BROWSER]));
        for mode in ["cors", "no-cors", "same-origin", "websocket"] {
            assert!(!get(&[("sec-fetch-mode", mode), BROWSER]), "{mode}");
        }
    }

    #[test]
    fn without_fetch_metadata_the_accepted_type_decides() {
        assert!(get(&[BROWSER]));
        assert!(get(&[
            ("accept", "text/plain"),
            ("accept", "Text/HTML;q=0.5")
        ]));
        assert!(!get(&[("accept", "*/*")]), "curl");
        assert!(!get(&[]));
        assert!(!get(&[("accept", "text/htmlx")]));
    }

    #[test]
    fn scripts_are_never_page_views_whatever_else_they_say() {
        for script in [
            ("hx-request", "true"),
            ("x-requested-with", "XMLHttpRequest"),
            ("x-requested-with", "xmlhttprequest"),
            ("accept", "text/event-stream"),
            ("accept", "application/json, text/html"),
        ] {
            assert!(
                !get(&[("sec-fetch-mode", "navigate"), BROWSER, script]),
                "{script:?}"
            );
        }
    }

    #[test]
    fn a_form_post_is_a_page_view_and_a_put_never_is() {
        assert!(is_page_view(&request(
            Method::POST,
            &[("sec-fetch-mode", "navigate"), BROWSER]
        )));
        assert!(is_page_view(&request(Method::HEAD, &[BROWSER])));
        for method in [Method::PUT, Method::PATCH, Method::DELETE, Method::OPTIONS] {
            assert!(!is_page_view(&request(method, &[BROWSER])));
        }
    }
}
