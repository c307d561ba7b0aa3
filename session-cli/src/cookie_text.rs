//! A cookie's value out of what a person copied: as it is, in the quotes of a header, behind its name, or the header's line.

/// The value in `text`. What looks like none of the known forms is the value itself.
pub(crate) fn value(text: &str) -> &str {
    let value = behind_name(text).unwrap_or(text);
    match value.as_bytes() {
        [b'"', .., b'"'] => value.trim_matches('"'),
        _ => value,
    }
}

/// What stands between `name=` and the attributes, if it has the shape of a token. No token of ours contains `=`, but
/// somebody may have signed one that does.
fn behind_name(text: &str) -> Option<&str> {
    let (name, rest) = behind_header(text).unwrap_or(text).split_once('=')?;
    let is_name = |byte: u8| byte.is_ascii_alphanumeric() || b"_-".contains(&byte);
    let value = rest.split(';').next()?.trim_ascii_end();
    let parts = value.strip_prefix(['.', '"']).unwrap_or(value).split('.');
    let is_token = parts.count() >= 3 || is_encrypted(value);
    (!name.is_empty() && name.bytes().all(is_name) && !value.starts_with('=') && is_token)
        .then_some(value)
}

/// What the header says, if it is one of cookies.
fn behind_header(text: &str) -> Option<&str> {
    let (header, rest) = text.split_once(':')?;
    let is_known = ["cookie", "set-cookie"]
        .iter()
        .any(|known| header.eq_ignore_ascii_case(known));
    is_known.then(|| rest.trim_ascii_start())
}

/// Whether it can be an encrypted token: one part, and as long as the shortest.
fn is_encrypted(value: &str) -> bool {
    const SHORTEST: usize = 71;
    let is_base64 = |byte: u8| byte.is_ascii_alphanumeric() || b"_-".contains(&byte);
    let value = value.trim_matches('"');
    value.len() >= SHORTEST && value.bytes().all(is_base64)
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
