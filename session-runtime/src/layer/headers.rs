//! What a response says of the session: `Set-Cookie`, `Vary`, `Cache-Control` (RFC 9110, RFC 9111) and `Clear-Site-Data`
//! (W3C), set in this one place.

use http::header::{CACHE_CONTROL, COOKIE, HeaderMap, HeaderName, HeaderValue, SET_COOKIE, VARY};

const CLEAR_SITE_DATA: HeaderName = HeaderName::from_static("clear-site-data");

// Constants, since a value is checked byte by byte where it is made.
const THE_COOKIE: HeaderValue = HeaderValue::from_static("Cookie");
const NO_STORE: HeaderValue = HeaderValue::from_static("no-store");
const PAGES_FETCHED_AHEAD: HeaderValue =
    HeaderValue::from_static(r#""prefetchCache", "prerenderCache""#);

/// The response depends on the request's cookie: no cache may give it to somebody else.
pub(super) fn vary_by_cookie(headers: &mut HeaderMap) {
    // Hardly any response says anything of it already, and adding a line says whether there was one.
    if headers.append(VARY, THE_COOKIE) {
        merge_vary(headers);
    }
}

/// Takes the last line of `Vary` into the first, if what the others say is not enough. They stay behind it.
fn merge_vary(headers: &mut HeaderMap) {
    let mut lines: Vec<HeaderValue> = headers.get_all(VARY).iter().cloned().collect();
    lines.pop();
    let names = |value: &HeaderValue| {
        value.to_str().is_ok_and(|list| {
            list.split(',').any(|name| {
                matches!(name.trim(), "*") || name.trim().eq_ignore_ascii_case(COOKIE.as_str())
            })
        })
    };
    if !lines.iter().any(names)
        && let Some(first) = lines.first_mut()
    {
        let merged = [first.as_bytes(), b", Cookie"].concat();
        if let Ok(merged) = HeaderValue::from_bytes(&merged) {
            *first = merged;
        }
    }
    headers.remove(VARY);
    for line in lines {
        headers.append(VARY, line);
    }
}

/// A response with a session cookie is for one visitor and for now, whatever the handler said.
pub(super) fn set_cookie(headers: &mut HeaderMap, cookie: HeaderValue) {
    // First, as long as there are few to look at.
    while let Some(name) = headers.keys().find(|name| is_for_shared_caches(name)) {
        let name = name.clone();
        headers.remove(name);
    }
    headers.append(SET_COOKIE, cookie);
    headers.insert(CACHE_CONTROL, NO_STORE);
}

/// Whether a cache in front of the site obeys the header instead of `Cache-Control` (RFC 9213; and `Surrogate-Control`, of which that
/// was made). Some have one of their own that ends alike.
fn is_for_shared_caches(name: &HeaderName) -> bool {
    let name = name.as_str();
    // Both have one length, by which nearly all others are told from them.
    name.len() >= "cdn-cache-control".len()
        && (name.ends_with("cdn-cache-control") || name == "surrogate-control")
}

/// Says once more what the layers further in have said of their sessions' cookies. Those are known by being sensitive, which the
/// layers' are and a handler's are not.
pub(super) fn keep_session_cookies(said: &HeaderMap, headers: &mut HeaderMap) {
    let cookies = said.get_all(SET_COOKIE).iter();
    for cookie in cookies.filter(|cookie| cookie.is_sensitive()) {
        set_cookie(headers, cookie.clone());
    }
}

/// Pages that the browser has fetched ahead of time were made for whoever was logged in before. Chromium shows such a page
/// on the click, whatever its `Cache-Control` says, unless it has been told to forget it.
pub(super) fn forget_pages_fetched_ahead(headers: &mut HeaderMap) {
    headers.append(CLEAR_SITE_DATA, PAGES_FETCHED_AHEAD);
}

/// What a guarded route answers is not kept, unless the handler said otherwise: the back button after a logout must not
/// show it.
pub(super) fn not_stored(headers: &mut HeaderMap) {
    headers.entry(CACHE_CONTROL).or_insert(NO_STORE);
}

#[cfg(test)]
mod tests {
    use super::*;

    fn vary(lines: &[&'static str]) -> Vec<String> {
        let mut headers = HeaderMap::new();
        for line in lines {
            headers.append(VARY, HeaderValue::from_static(line));
        }
        vary_by_cookie(&mut headers);
        headers
            .get_all(VARY)
            .iter()
            .map(|line| line.to_str().unwrap().to_owned())
            .collect()
    }

    #[test]
    fn no_cache_is_told_to_keep_what_sets_a_session_cookie() {
        let mut headers = HeaderMap::new();
        for name in [
            "cache-control",
            "cdn-cache-control",
            "cloudflare-cdn-cache-control",
            "surrogate-control",
        ] {
            headers.append(name, HeaderValue::from_static("max-age=600"));
            headers.append(name, HeaderValue::from_static("public"));
        }
        headers.append("x-cache", HeaderValue::from_static("miss"));
        set_cookie(&mut headers, HeaderValue::from_static("a=b"));
        let mut said: Vec<_> = headers
            .iter()
            .map(|(name, value)| (name.as_str(), value.to_str().unwrap()))
            .collect();
        said.sort_unstable();
        assert_eq!(
            said,
            [
                ("cache-control", "no-store"),
                ("set-cookie", "a=b"),
                ("x-cache", "miss")
            ]
        );
    }

    #[test]
    fn vary_is_merged_into_what_is_there() {
        assert_eq!(vary(&[]), ["Cookie"]);
        assert_eq!(vary(&["Accept-Encoding"]), ["Accept-Encoding, Cookie"]);
        assert_eq!(vary(&["Accept", "Origin"]), ["Accept, Cookie", "Origin"]);
    }

    #[test]
    fn vary_is_left_alone_where_it_says_so_already() {
        assert_eq!(vary(&["accept, cookie"]), ["accept, cookie"]);
        assert_eq!(vary(&["Accept", "*"]), ["Accept", "*"]);
    }
}
