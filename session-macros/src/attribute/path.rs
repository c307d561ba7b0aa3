//! A route's path in axum 0.8's syntax. Everything that axum would panic about when the router is built is a sentence
//! here, and so is a path that could never match.

use syn::LitStr;

use crate::error::Errors;

/// The path's text if a router takes it; else reports why not.
pub(super) fn check(path: &LitStr, errors: &mut Errors) -> Option<String> {
    let text = path.value();
    match refuse(&text) {
        None => Some(text),
        Some(sentence) => {
            errors.at(path.span(), sentence);
            None
        }
    }
}

fn refuse(path: &str) -> Option<String> {
    // Most paths have nothing in them that could be meant otherwise.
    if path.starts_with('/') && path.bytes().all(is_plain) && !is_resolved_by_browsers(path) {
        return None;
    }
    if path.is_empty() {
        return Some("a path is never empty; the root is \"/\"".to_owned());
    }
    if let Some((_, rest)) = path.split_once("://") {
        let path = rest.split_once('/').map_or("", |(_, path)| path);
        return Some(format!(
            "a route has a path, not an address; did you mean \"/{path}\"?"
        ));
    }
    if !path.starts_with('/') {
        return Some(format!("a path starts with `/`; did you mean \"/{path}\"?"));
    }
    if let Some(meant) = older_syntax(path) {
        return Some(format!(
            "axum 0.8 writes path parameters in braces; did you mean \"{meant}\"?"
        ));
    }
    if let Some((path, _)) = path.split_once(['?', '#']) {
        return Some(format!(
            "a route is found by its path alone; write \"{path}\" and read the query with `Query`"
        ));
    }
    let sent = as_sent(path);
    if sent != path {
        return Some(format!(
            "browsers send spaces and other letters percent-encoded, and routes are compared as sent; did you mean \"{sent}\"?"
        ));
    }
    if path.starts_with("//") {
        return Some(format!(
            "a path starts with one `/`: browsers read what follows two of them as another host; did you mean \"/{}\"?",
            path.trim_start_matches('/')
        ));
    }
    if is_resolved_by_browsers(path) {
        return Some(format!(
            "browsers resolve `.` and `..` before they ask, so that nobody would ask for this path; did you mean \"{}\"?",
            resolved(path)
        ));
    }
    refuse_parameters(path)
}

/// Whether a browser would ask for another path, or another host, where this one is linked to (WHATWG URL).
fn is_resolved_by_browsers(path: &str) -> bool {
    path.starts_with("//") || path.split('/').any(|segment| matches!(segment, "." | ".."))
}

/// Without `.` and `..`.
fn resolved(path: &str) -> String {
    let mut segments: Vec<&str> = Vec::new();
    let mut rest = path[1..].split('/').peekable();
    while let Some(segment) = rest.next() {
        match segment {
            "." => {}
            ".." => drop(segments.pop()),
            segment => segments.push(segment),
        }
        if rest.peek().is_none() && matches!(segment, "." | "..") {
            segments.push("");
        }
    }
    format!("/{}", segments.join("/"))
}

/// With spaces and letters percent-encoded that are in no parameter's name.
fn as_sent(path: &str) -> String {
    let (mut sent, mut is_name) = (String::new(), false);
    for c in path.chars() {
        match c {
            '{' => is_name = true,
            '}' => is_name = false,
            _ => {}
        }
        if is_name || !is_foreign(c) {
            sent.push(c);
        } else {
            let mut bytes = [0; 4];
            for byte in c.encode_utf8(&mut bytes).bytes() {
                sent += &format!("%{byte:02X}");
            }
        }
    }
    sent
}

/// What stands in no address as it is.
fn is_foreign(c: char) -> bool {
    c.is_control() || c.is_whitespace() || !c.is_ascii()
}

fn is_plain(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'/' | b'-' | b'_' | b'.')
}

/// The path in today's syntax, if it uses `:id`, `*rest` (axum before 0.8), or `<int:id>` (Flask).
fn older_syntax(path: &str) -> Option<String> {
    let segments = path.split('/');
    if segments
        .clone()
        .all(|segment| segment_meant(segment).is_none())
    {
        return None;
    }
    let meant: Vec<_> = segments
        .map(|segment| segment_meant(segment).unwrap_or_else(|| segment.to_owned()))
        .collect();
    Some(meant.join("/"))
}

fn segment_meant(segment: &str) -> Option<String> {
    if let Some(name) = segment.strip_prefix(':') {
        return Some(format!("{{{name}}}"));
    }
    if let Some(name) = segment.strip_prefix('*') {
        let name = if name.is_empty() { "rest" } else { name };
        return Some(format!("{{*{name}}}"));
    }
    let inner = segment.strip_prefix('<')?.strip_suffix('>')?;
    Some(match inner.split_once(':') {
        Some(("path", name)) => format!("{{*{name}}}"),
        Some((_, name)) => format!("{{{name}}}"),
        None => format!("{{{inner}}}"),
    })
}

/// What stands for `{{` and `}}` while a path is read; no path has such characters.
const LITERAL: [char; 2] = ['\u{1}', '\u{2}'];

/// The rules of axum's router: one parameter a segment, at its end, with a name of its own; `{*rest}` last.
fn refuse_parameters(path: &str) -> Option<String> {
    // `{{` and `}}` are braces that are meant as such, from the left, as the router reads them: of `{{{id}}}` that is the brace
    // which was to close the parameter, and its name would be `id}`.
    let path = path.replace("{{", "\u{1}").replace("}}", "\u{2}");
    let mut names: Vec<String> = Vec::new();
    let mut segments = path[1..].split('/').peekable();
    while let Some(segment) = segments.next() {
        let Some((before, rest)) = segment.split_once('{') else {
            if segment.contains('}') {
                return Some(
                    "this `}` was never opened; a path parameter is `{id}`, a literal brace `}}`"
                        .to_owned(),
                );
            }
            continue;
        };
        if before.contains('}') {
            return Some(
                "this `}` was never opened; a path parameter is `{id}`, a literal brace `}}`"
                    .to_owned(),
            );
        }
        let rest = rest.replace(LITERAL[0], "{{");
        if let Some((name, _)) = rest.split_once(LITERAL[1])
            && !name.contains('}')
        {
            return Some(format!(
                "`}}}}` is a brace that is meant as such, so it does not close `{{{name}`; a path parameter is `{{id}}`, and nothing may stand between it and the next `/`"
            ));
        }
        let Some((name, after)) = rest.split_once('}') else {
            return Some(format!(
                "`{{{rest}` is never closed; a path parameter is `{{id}}`"
            ));
        };
        if !after.is_empty() {
            return Some(format!(
                "a path parameter ends its segment: nothing may stand between `{{{name}}}` and the next `/`"
            ));
        }
        let plain = name.strip_prefix('*').unwrap_or(name);
        if plain.is_empty() {
            return Some(format!(
                "`{{{name}}}` has no name; write `{{id}}`, or `{{*rest}}` for the rest of the path"
            ));
        }
        if plain.contains(|c| matches!(c, '*' | '{' | ':' | '<') || is_foreign(c)) {
            return Some(format!(
                "`{plain}` is no name of a path parameter; write letters, digits and `_`, as in `{{id}}`"
            ));
        }
        if names.iter().any(|name| name == plain) {
            return Some(format!(
                "`{{{plain}}}` stands twice in this path; give each parameter a name of its own"
            ));
        }
        if name.starts_with('*') && segments.peek().is_some() {
            return Some(format!(
                "`{{{name}}}` takes the rest of the path, so it comes last"
            ));
        }
        names.push(plain.to_owned());
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_router_takes_is_taken() {
        for path in [
            "/",
            "/a/b",
            "/a/",
            "/users/{id}",
            "/users/{id}/posts/{post_id}",
            "/files/{*rest}",
            "/v-{version}",
            "/{{literal}}",
            "/a:b",
            "/a*b",
            "/%20",
            "/.well-known/security.txt",
            "/a/...",
            "/a//b",
        ] {
            assert_eq!(refuse(path), None, "{path}");
        }
    }

    #[test]
    fn older_and_flask_syntax_is_understood_and_the_right_form_is_said() {
        for (path, meant) in [
            ("/users/:id", "/users/{id}"),
            ("/:a/x/:b", "/{a}/x/{b}"),
            ("/files/*rest", "/files/{*rest}"),
            ("/files/*", "/files/{*rest}"),
            ("/users/<int:id>", "/users/{id}"),
            ("/users/<id>", "/users/{id}"),
            ("/files/<path:name>", "/files/{*name}"),
        ] {
            let expected =
                format!("axum 0.8 writes path parameters in braces; did you mean \"{meant}\"?");
            assert_eq!(refuse(path), Some(expected));
        }
    }

    #[test]
    fn a_missing_slash_is_added_in_the_sentence() {
        assert_eq!(
            refuse("login").as_deref(),
            Some("a path starts with `/`; did you mean \"/login\"?")
        );
        assert_eq!(
            refuse("https://a.example/x").as_deref(),
            Some("a route has a path, not an address; did you mean \"/x\"?")
        );
        assert!(refuse("").is_some());
    }

    #[test]
    fn letters_that_no_address_has_are_encoded_in_the_sentence() {
        for (path, sent) in [
            ("/größe", "/gr%C3%B6%C3%9Fe"),
            ("/a b/{id}", "/a%20b/{id}"),
            ("/a\tb", "/a%09b"),
        ] {
            assert_eq!(
                refuse(path),
                Some(format!(
                    "browsers send spaces and other letters percent-encoded, and routes are compared as sent; did you mean \"{sent}\"?"
                ))
            );
        }
    }

    #[test]
    fn what_a_browser_would_ask_for_instead_is_said() {
        for (path, meant) in [
            ("//users", "/users"),
            ("///users/{id}", "/users/{id}"),
            ("//", "/"),
            ("/a/../b", "/b"),
            ("/a/./b/", "/a/b/"),
            ("/../{id}", "/{id}"),
            ("/a/b/..", "/a/"),
            ("/.", "/"),
        ] {
            let sentence = refuse(path).unwrap_or_else(|| panic!("{path} was taken"));
            let mend = format!("; did you mean \"{meant}\"?");
            assert!(sentence.ends_with(&mend), "{path}: {sentence}");
        }
    }

    #[test]
    fn what_axum_would_panic_about_is_a_sentence() {
        for (path, part) in [
            ("/{id", "never closed"),
            ("/id}", "never opened"),
            ("/{a/b}", "never closed"),
            ("/{}", "no name"),
            ("/{*}", "no name"),
            ("/{id}.json", "ends its segment"),
            ("/{a}{b}", "ends its segment"),
            ("/{a*b}", "is no name"),
            ("/{a{{b}", "`a{{b` is no name"),
            ("/{{{id}}}", "does not close `{id`"),
            ("/{id}}", "does not close `{id`"),
            ("/{int:id}", "is no name"),
            ("/{my id}", "`my id` is no name"),
            ("/{größe}", "`größe` is no name"),
            ("/{id}/{id}", "stands twice"),
            ("/{*rest}/x", "comes last"),
            ("/a?b=1", "found by its path alone"),
            ("/größe", "percent-encoded"),
            ("/a b", "percent-encoded"),
        ] {
            let sentence = refuse(path).unwrap_or_else(|| panic!("{path} was taken"));
            assert!(sentence.contains(part), "{path}: {sentence}");
        }
    }

    /// Short paths of the characters that mean something, all of them.
    fn every_path(length: usize) -> Vec<String> {
        let mut paths = vec!["/".to_owned()];
        for _ in 1..length {
            let longer = paths
                .iter()
                .flat_map(|path| "{}*/a".chars().map(move |next| format!("{path}{next}")));
            paths = longer.chain(["/".to_owned()]).collect();
        }
        paths
    }

    #[test]
    fn the_router_takes_whatever_is_taken_and_knows_its_parameters_by_the_same_names() {
        for path in every_path(8) {
            if refuse(&path).is_some() {
                continue;
            }
            let mut router = matchit::Router::new();
            router
                .insert(&path, ())
                .unwrap_or_else(|error| panic!("{path}: {error}"));
            // Each parameter as it is written is found under its name, whatever braces stand around it.
            let asked = path.replace("{{", "{").replace("}}", "}");
            let found = router
                .at(&asked)
                .unwrap_or_else(|error| panic!("{path} at {asked}: {error}"));
            for (name, value) in found.params.iter() {
                assert!(!name.contains(['{', '}', '*']), "{path}: {name}");
                assert_eq!(value.replacen('*', "", 1), format!("{{{name}}}"), "{path}");
            }
        }
    }
}
