//! A cookie's value out of what a person copied: as it is, in the quotes of a header, behind its name, or the header's line,
//! which may have other cookies too. It judges shapes alone, and opens nothing.

use session_runtime::store::SessionId;

/// The value in `text`. What looks like none of the known forms is the value itself.
pub(crate) fn value(text: &str) -> &str {
    unquoted(behind_name(text).unwrap_or(text))
}

/// The session's id, if the value is what a cookie holds whose session is in a store: that, and the secret, 32 bytes.
pub(crate) fn stored(value: &str) -> Option<SessionId> {
    let (id, secret) = value.split_once('.')?;
    let is_secret = secret.len() == 43 && is_base64(secret);
    id.parse().ok().filter(|_| is_secret)
}

/// What stands between `name=` and the attributes, if it has the shape of a session's. No token of ours contains `=`, but
/// somebody may have signed one that does.
fn behind_name(text: &str) -> Option<&str> {
    let (header, cookies) = behind_header(text);
    let others = |(at, pair)| named(pair).filter(|(name, _)| at == 0 || header.may_follow(name));
    let values = || {
        let named = cookies.split(';').enumerate().filter_map(others);
        named.map(|(_, value)| value)
    };
    values()
        .find(|value| is_signed(value) || stored(unquoted(value)).is_some())
        .or_else(|| values().find(|value| is_encrypted(value)))
        // Whatever its parts are, it is told what is wrong with them.
        .or_else(|| values().next().filter(|value| parts(value).count() >= 3))
}

/// Whose line it is.
enum Header {
    /// A request's, with one cookie after the other.
    Cookie,
    /// A response's, with one cookie and its attributes.
    SetCookie,
    Unsaid,
}

impl Header {
    /// Whether what has this name behind the first cookie is another one. An attribute may look like a token too, if it is a
    /// host's name.
    fn may_follow(&self, name: &str) -> bool {
        match self {
            Self::Cookie => true,
            Self::SetCookie => false,
            Self::Unsaid => !name.eq_ignore_ascii_case("domain"),
        }
    }
}

/// What the header says, if it is one of cookies.
fn behind_header(text: &str) -> (Header, &str) {
    let known = [
        ("cookie", Header::Cookie),
        ("set-cookie", Header::SetCookie),
    ];
    let split = text.split_once(':').and_then(|(said, rest)| {
        let known = known
            .into_iter()
            .find(|(name, _)| said.eq_ignore_ascii_case(name));
        known.map(|(_, header)| (header, rest))
    });
    split.unwrap_or((Header::Unsaid, text))
}

/// A cookie's name and its value.
fn named(pair: &str) -> Option<(&str, &str)> {
    let (name, value) = pair.trim_ascii().split_once('=')?;
    let is_name = |byte: u8| byte.is_ascii_alphanumeric() || b"_-".contains(&byte);
    (!name.is_empty() && name.bytes().all(is_name) && !value.starts_with('='))
        .then_some((name, value))
}

fn unquoted(value: &str) -> &str {
    match value.as_bytes() {
        [b'"', .., b'"'] => value.trim_matches('"'),
        _ => value,
    }
}

/// The parts of a token. A dot before the first is a part of it, and says that it is compressed.
fn parts(value: &str) -> impl Iterator<Item = &str> {
    let value = unquoted(value);
    value.strip_prefix('.').unwrap_or(value).split('.')
}

/// Whether it can be a signed token: three parts, of which the second is a time, and much shorter than what other tokens say
/// there.
fn is_signed(value: &str) -> bool {
    const LONGEST_TIME: usize = 8;
    let mut parts = parts(value);
    let (Some(payload), Some(time), Some(signature), None) =
        (parts.next(), parts.next(), parts.next(), parts.next())
    else {
        return false;
    };
    [payload, time, signature].into_iter().all(is_base64) && time.len() <= LONGEST_TIME
}

/// Whether it can be an encrypted token: one part, and as long as the shortest.
fn is_encrypted(value: &str) -> bool {
    const SHORTEST: usize = 71;
    let value = unquoted(value);
    value.len() >= SHORTEST && is_base64(value)
}

fn is_base64(text: &str) -> bool {
    let is_letter = |byte: u8| byte.is_ascii_alphanumeric() || b"_-".contains(&byte);
    !text.is_empty() && text.bytes().all(is_letter)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_value_is_found_in_quotes_and_behind_its_name() {
        for text in [
            "e30.PA.AAAA",
            "\"e30.PA.AAAA\"",
            "session=e30.PA.AAAA",
            "__Host-session=\"e30.PA.AAAA\"",
            "session=e30.PA.AAAA; HttpOnly; Path=/",
            "set-cookie: session=e30.PA.AAAA; HttpOnly; Path=/",
            "Set-Cookie:session=e30.PA.AAAA",
            "Cookie: session=e30.PA.AAAA; theme=dark",
        ] {
            assert_eq!(value(text), "e30.PA.AAAA", "{text}");
        }
    }

    #[test]
    fn an_encrypted_value_is_found_behind_its_name_too() {
        let token = "Ab-_".repeat(20);
        for text in [format!("session={token}"), format!("a=\"{token}\"; Path=/")] {
            assert_eq!(value(&text), token);
        }
    }

    /// Browsers show the line that they send, with all that every part of the site has set.
    #[test]
    fn of_several_cookies_it_is_the_one_that_has_the_shape_of_a_session() {
        for text in [
            "Cookie: theme=dark; __Host-session=e30.PA.AAAA",
            "theme=dark; session=\"e30.PA.AAAA\"; lang=en",
            "Cookie: _ga=GA1.2.12345.67890; session=.e30.PA.AAAA",
            "Cookie: jwt=eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.AAAA; session=e30.PA.AAAA",
        ] {
            assert_eq!(value(text).trim_start_matches('.'), "e30.PA.AAAA", "{text}");
        }
        let encrypted = "Ab-_".repeat(20);
        assert_eq!(
            value(&format!("Cookie: theme=dark; a={encrypted}")),
            encrypted
        );
    }

    #[test]
    fn what_stands_behind_a_cookie_that_is_set_is_no_other_cookie() {
        for text in [
            "session=; Domain=e30.PA.AAAA",
            "Set-Cookie: session=x; domain=e30.PA.AAAA",
            "Set-Cookie: session=x; other=e30.PA.AAAA",
        ] {
            assert_eq!(value(text), text);
        }
    }

    #[test]
    fn a_value_that_a_store_knows_is_found_behind_its_name_and_told_from_a_token() {
        let stored = format!("{}.{}", "A".repeat(22), "b".repeat(43));
        for text in [
            stored.clone(),
            format!("__Host-session={stored}; Path=/"),
            format!("Cookie: theme=dark; session={stored}"),
        ] {
            assert_eq!(value(&text), stored);
        }
        assert!(super::stored(&stored).is_some());
        for other in [
            String::new(),
            format!("{stored}A"),
            format!("{stored}.A"),
            stored.replace('b', "="),
            stored.replace('A', "="),
        ] {
            assert!(super::stored(&other).is_none(), "{other}");
        }
    }

    #[test]
    fn anything_else_is_the_value_itself() {
        for text in [
            "",
            "\"",
            "e30.PA.AAAA=",
            "e30.PA.AAAA;x",
            "=e30.PA.AAAA",
            "e30.PA.AAAA ",
            "a b=e30.PA.AAAA",
            "Date: session=e30.PA.AAAA",
            "Cookie: e30.PA.AAAA",
            "NQ==.PA.AAAA",
            "NQ=.PA.AAAA",
            "a=b",
        ] {
            assert_eq!(value(text), text);
        }
    }
}
