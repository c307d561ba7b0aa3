//! The login page's address, with `next`: where to go after the login.
//!
//! `next` is only ever a path on this site, so that a login page that follows it sends nobody elsewhere. This knows
//! addresses and headers, neither sessions nor guards.

use axum::extract::OriginalUri;
use http::request::Parts;
use http::{Method, Uri};
use percent_encoding::{AsciiSet, percent_decode_str, utf8_percent_encode};

use crate::layer::{NOT_UNRESERVED, local_path};

/// A query may hold the slash as it is, which a reader likes to see.
const IN_QUERY: &AsciiSet = &NOT_UNRESERVED.remove(b'/');

/// The login page, with this request's own address as `next` if it can be asked again: a `POST` cannot.
pub(super) fn login_address(login_page: &str, parts: &Parts) -> String {
    with_next(login_page, own_address(parts))
}

/// The same for htmx: the page that the browser shows, not the fragment that was asked for.
pub(super) fn htmx_login_address(login_page: &str, parts: &Parts) -> String {
    let shown = parts
        .headers
        .get("hx-current-url")
        .and_then(|value| Uri::try_from(value.as_bytes()).ok());
    match shown.as_ref().and_then(path_on_this_site) {
        Some(path) => with_next(login_page, Some(path)),
        None => with_next(login_page, own_address(parts)),
    }
}

/// Whether the request asks for the login page itself: sending it there again would never end.
pub(super) fn is_login_page(login_page: &str, parts: &Parts) -> bool {
    let page = login_page.split(['?', '#']).next().unwrap_or_default();
    original(parts).path() == page
}

/// The address as the client wrote it: under a nest, axum shows the inner handler a shortened one.
fn original(parts: &Parts) -> &Uri {
    parts
        .extensions
        .get::<OriginalUri>()
        .map_or(&parts.uri, |uri| &uri.0)
}

fn own_address(parts: &Parts) -> Option<&str> {
    if matches!(parts.method, Method::GET | Method::HEAD) {
        path_on_this_site(original(parts))
    } else {
        None
    }
}

fn path_on_this_site(uri: &Uri) -> Option<&str> {
    local_path(uri.path_and_query()?.as_str())
}

fn with_next(login_page: &str, next: Option<&str>) -> String {
    let Some(next) = next else {
        return login_page.to_owned();
    };
    let (page, fragment) = match login_page.find('#') {
        Some(at) => login_page.split_at(at),
        None => (login_page, ""),
    };
    let (path, query) = page.split_once('?').unwrap_or((page, ""));
    let mut address = String::with_capacity(login_page.len() + next.len() + 16);
    address.push_str(path);
    address.push('?');
    for pair in query
        .split('&')
        .filter(|pair| !pair.is_empty() && !is_next(pair))
    {
        address.push_str(pair);
        address.push('&');
    }
    address.push_str("next=");
    address.extend(utf8_percent_encode(next, IN_QUERY));
    address.push_str(fragment);
    address
}

/// Whether a pair of a query is called `next`, however it is spelled.
fn is_next(pair: &str) -> bool {
    let name = pair.split('=').next().unwrap_or_default();
    percent_decode_str(name).eq(b"next".iter().copied())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn request(method: Method, uri: &str, headers: &[(&str, &str)]) -> Parts {
        let mut request = http::Request::builder().method(method).uri(uri);
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        request.body(()).unwrap().into_parts().0
    }

    fn address(login_page: &str, uri: &str) -> String {
        login_address(login_page, &request(Method::GET, uri, &[]))
    }

    /// The pairs of an address' query as a form parser reads them.
    fn pairs(address: &str) -> Vec<(String, String)> {
        let query = address.split_once('?').unwrap().1;
        let decode = |text: &str| String::from_utf8(percent_decode_str(text).collect()).unwrap();
        query
            .split('&')
            .map(|pair| pair.split_once('=').unwrap())
            .map(|(k, v)| (decode(k), decode(v)))
            .collect()
    }

    #[test]
    fn next_is_the_path_and_query_that_was_asked_for() {
        assert_eq!(address("/login", "/account"), "/login?next=/account");
        assert_eq!(
            pairs(&address("/login", "/a?b=1&c=%26")),
            [("next".into(), "/a?b=1&c=%26".into())]
        );
    }

    #[test]
    fn the_login_pages_own_query_is_kept_and_its_own_next_replaced() {
        let theme = address("/login?theme=dark", "/a?b=1&c=%26");
        assert_eq!(
            pairs(&theme),
            [
                ("theme".into(), "dark".into()),
                ("next".into(), "/a?b=1&c=%26".into())
            ]
        );
        for own in [
            "/login?next=%2Fhome",
            "/login?%6eext=%2Fhome",
            "/login?next",
            "/login?&",
        ] {
            assert_eq!(address(own, "/a"), "/login?next=/a", "{own}");
        }
        assert_eq!(
            address("/login?a=1&next=x&nextt=2#top", "/b"),
            "/login?a=1&nextt=2&next=/b#top"
        );
    }

    #[test]
    fn next_never_names_another_host() {
        for elsewhere in ["//evil.example/x", "/\\evil.example/x", "*"] {
            assert_eq!(address("/login", elsewhere), "/login", "{elsewhere}");
        }
        assert_eq!(
            address("/login", "http://evil.example/x?y=1"),
            "/login?next=/x%3Fy%3D1"
        );
    }

    #[test]
    fn a_post_is_not_replayed() {
        let post = request(Method::POST, "/pay?n=1", &[]);
        assert_eq!(login_address("/login", &post), "/login");
        assert_eq!(
            login_address("/login?next=%2Fhome", &post),
            "/login?next=%2Fhome"
        );
    }

    #[test]
    fn under_a_nest_next_is_the_address_that_the_client_wrote() {
        let mut parts = request(Method::GET, "/profile", &[]);
        parts
            .extensions
            .insert(OriginalUri("/user/profile".parse().unwrap()));
        assert_eq!(login_address("/login", &parts), "/login?next=/user/profile");
        assert!(is_login_page("/user/profile?x=1", &parts));
        assert!(!is_login_page("/profile", &parts));
    }

    #[test]
    fn htmx_comes_back_to_the_page_it_stands_on() {
        let shown = |url| {
            htmx_login_address(
                "/login",
                &request(Method::POST, "/rows", &[("hx-current-url", url)]),
            )
        };
        assert_eq!(
            shown("https://shop.example/cart?x=1#y"),
            "/login?next=/cart%3Fx%3D1"
        );
        assert_eq!(shown("https://shop.example//evil.example"), "/login");
        assert_eq!(shown("nonsense here"), "/login");
        assert_eq!(
            htmx_login_address("/login", &request(Method::GET, "/rows", &[])),
            "/login?next=/rows"
        );
    }

    #[test]
    fn no_byte_of_a_path_ends_the_value_or_the_header() {
        let odd = request(Method::GET, "/é?a=b;c+d&e='", &[]);
        let address = login_address("/login", &odd);
        assert!(
            address
                .bytes()
                .all(|byte| byte.is_ascii_graphic() && byte != b'+'),
            "{address}"
        );
        assert_eq!(pairs(&address), [("next".into(), "/é?a=b;c+d&e='".into())]);
    }
}
