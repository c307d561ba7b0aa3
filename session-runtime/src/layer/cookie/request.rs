//! Finding one cookie in the request (RFC 6265, section 5.4, and what Werkzeug makes of it). Other cookies are passed
//! over without being parsed.

use std::borrow::Cow;

use http::header::{self, COOKIE};
use http::{HeaderMap, HeaderValue};

/// The values of the cookie `name`, in the order in which the browser sent them. A browser that has several cookies of
/// one name, as after a change of their Domain, sends them all.
pub(crate) fn values<'a>(
    headers: &'a HeaderMap,
    name: &'a str,
) -> impl Iterator<Item = Cow<'a, str>> {
    pairs(headers).filter_map(move |pair| pair.value_of(name))
}

/// All cookies, for whoever looks for more than one name.
pub(crate) fn pairs(headers: &HeaderMap) -> Pairs<'_> {
    Pairs {
        lines: headers.get_all(COOKIE).iter(),
        rest: None,
    }
}

/// See [`pairs`].
pub(crate) struct Pairs<'a> {
    lines: header::ValueIter<'a, HeaderValue>,
    /// What of the present line has not been looked at.
    rest: Option<&'a [u8]>,
}

impl<'a> Iterator for Pairs<'a> {
    type Item = Pair<'a>;

    fn next(&mut self) -> Option<Pair<'a>> {
        let rest = match self.rest {
            Some(rest) => rest,
            None => self.lines.next()?.as_bytes(),
        };
        let end = memchr::memchr(b';', rest);
        self.rest = end.and_then(|end| rest.get(end + 1..));
        let pair = end.map_or(rest, |end| &rest[..end]);
        Some(Pair(pair.trim_ascii_start()))
    }
}

/// A cookie as it was sent, from its name on.
#[derive(Clone, Copy)]
pub(crate) struct Pair<'a>(&'a [u8]);

impl<'a> Pair<'a> {
    /// The value, if that is the cookie's name. One that is not UTF-8 is none: neither we nor Flask wrote it.
    #[inline]
    pub(crate) fn value_of(self, name: &str) -> Option<Cow<'a, str>> {
        match self.bytes_of(name)? {
            Cow::Borrowed(value) => str::from_utf8(value).ok().map(Cow::Borrowed),
            Cow::Owned(value) => String::from_utf8(value).ok().map(Cow::Owned),
        }
    }

    /// The same, be it a text or not, for whoever looks at the value anyway.
    #[inline]
    pub(crate) fn bytes_of(self, name: &str) -> Option<Cow<'a, [u8]>> {
        if !self.may_be(name) {
            return None;
        }
        value_behind(name, self.0)
    }

    /// Whether that may be the cookie's name: what stands behind it tells most others from it, and is found without looking for it.
    #[inline]
    pub(crate) fn may_be(self, name: &str) -> bool {
        let behind = self.0.get(name.len());
        behind.is_some_and(|byte| *byte == b'=' || byte.is_ascii_whitespace())
    }
}

/// The value of a cookie, if that is its name.
fn value_behind<'a>(name: &str, cookie: &'a [u8]) -> Option<Cow<'a, [u8]>> {
    let value = cookie.strip_prefix(name.as_bytes())?;
    let value = value.trim_ascii_start().strip_prefix(b"=")?;
    Some(match value.trim_ascii() {
        [b'"', inner @ .., b'"'] => unquoted(inner),
        value => Cow::Borrowed(value),
    })
}

/// Undoes the quoting of Python's cookies: `\"`, `\\` and three octal digits.
fn unquoted(inner: &[u8]) -> Cow<'_, [u8]> {
    if !inner.contains(&b'\\') {
        return Cow::Borrowed(inner);
    }
    let mut bytes = Vec::with_capacity(inner.len());
    let mut rest = inner;
    loop {
        rest = match rest {
            [] => return Cow::Owned(bytes),
            [
                b'\\',
                a @ b'0'..=b'3',
                b @ b'0'..=b'7',
                c @ b'0'..=b'7',
                rest @ ..,
            ] => {
                bytes.push((a - b'0') << 6 | (b - b'0') << 3 | (c - b'0'));
                rest
            }
            [b'\\', byte, rest @ ..] | [byte, rest @ ..] => {
                bytes.push(*byte);
                rest
            }
        };
    }
}

#[cfg(test)]
mod tests {
    use http::HeaderValue;
    use proptest::prelude::*;

    use super::*;

    fn found(lines: &[&str]) -> Vec<String> {
        let mut headers = HeaderMap::new();
        for line in lines {
            headers.append(COOKIE, HeaderValue::from_bytes(line.as_bytes()).unwrap());
        }
        values(&headers, "session").map(Cow::into_owned).collect()
    }

    #[test]
    fn ours_is_found_among_others() {
        assert_eq!(found(&["a=1; session=x; b=2"]), ["x"]);
        assert_eq!(found(&["session=x"]), ["x"]);
        assert_eq!(found(&["a=1;session=x;b"]), ["x"]);
        assert_eq!(
            found(&["a=session=x; xsession=y; sessions=z"]),
            Vec::<String>::new()
        );
    }

    #[test]
    fn names_are_case_sensitive_and_spaces_are_no_part_of_them() {
        assert_eq!(found(&["Session=x; SESSION=y"]), Vec::<String>::new());
        assert_eq!(found(&["  session =  x  ; a=1"]), ["x"]);
    }

    #[test]
    fn all_of_one_name_are_found_in_order_over_all_lines() {
        assert_eq!(
            found(&["session=x; a=1; session=y", "session="]),
            ["x", "y", ""]
        );
    }

    #[test]
    fn a_quoted_value_is_unescaped() {
        assert_eq!(
            found(&[r#"session="x"; session="a\"b\\\073c"; session=""#]),
            ["x", r#"a"b\;c"#, "\""]
        );
    }

    #[test]
    fn a_comma_does_not_separate() {
        assert_eq!(found(&["a=1,session=x"]), Vec::<String>::new());
        assert_eq!(found(&["session=x,y"]), ["x,y"]);
    }

    #[test]
    fn a_value_that_is_no_text_is_passed_over() {
        let mut headers = HeaderMap::new();
        headers.append(
            COOKIE,
            HeaderValue::from_bytes(b"session=\xff; session=x; session=\"\\377\"").unwrap(),
        );
        assert_eq!(values(&headers, "session").collect::<Vec<_>>(), ["x"]);
    }

    proptest! {
        #[test]
        fn whatever_a_header_holds_is_no_panic(line in prop::collection::vec(any::<u8>(), 0..80)) {
            if let Ok(line) = HeaderValue::from_bytes(&line) {
                let headers = HeaderMap::from_iter([(COOKIE, line)]);
                values(&headers, "session").for_each(drop);
            }
        }

        #[test]
        fn what_was_set_is_found_beside_any_other_cookie(value in "[A-Za-z0-9_.-]{0,60}", other in "[a-z]{1,9}=[^;\\p{C}]{0,20}") {
            prop_assume!(!other.starts_with("session="));
            let line = format!("{other}; session={value}; {other}");
            let headers = HeaderMap::from_iter([(COOKIE, HeaderValue::from_bytes(line.as_bytes()).unwrap())]);
            prop_assert_eq!(values(&headers, "session").collect::<Vec<_>>(), [value]);
        }

        #[test]
        fn any_lines_are_read_as_another_reader_of_cookies_does(
            lines in prop::collection::vec("(session|sess|ion|a|=|;|; | |,|[.A-Za-z0-9_-]{1,3}){0,14}", 0..4)
        ) {
            // The order counts, and so does each of several with one name.
            let expected: Vec<String> = lines
                .iter()
                .flat_map(|line| cookie::Cookie::split_parse(line.as_str()).flatten())
                .filter(|cookie| cookie.name() == "session")
                .map(|cookie| cookie.value().to_owned())
                .collect();
            let lines: Vec<_> = lines.iter().map(String::as_str).collect();
            prop_assert_eq!(found(&lines), expected);
        }

        #[test]
        fn a_quoted_value_is_what_was_quoted(value in "[ -~]{0,40}", octal: bool) {
            let escape = |byte: u8| match byte {
                b';' | b',' => format!("\\{byte:03o}"),
                _ if octal => format!("\\{byte:03o}"),
                b'"' | b'\\' => format!("\\{}", char::from(byte)),
                _ => char::from(byte).to_string(),
            };
            let quoted: String = value.bytes().map(escape).collect();
            prop_assert_eq!(found(&[&format!("session=\"{quoted}\"")]), [value]);
        }
    }
}
