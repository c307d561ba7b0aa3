//! Flask's tags (`flask.json.tag`): what an object of one key means, and how one that only looks like a tag is written.

use std::borrow::Cow;

use crate::session::tree::{Tree, quoted, unquoted};

use super::{base64, date};

/// What Flask's reader answers with an exception.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Malformed;

/// Whether there can be a tag in this JSON text. Where there is none, nothing has to be read for it.
pub(super) fn may_be_in(json: &str) -> bool {
    json.contains("\" ") || json.contains("\\u0020")
}

/// Whether an object with this key alone is a tag.
pub(super) fn is_tag(name: &str) -> bool {
    matches!(name, " di" | " t" | " b" | " m" | " u" | " d")
}

/// What the tree means, with no tags left.
pub(super) fn read(tree: Tree<'_>) -> Result<Tree<'_>, Malformed> {
    match tree {
        Tree::List(items) => items
            .into_iter()
            .map(read)
            .collect::<Result<_, _>>()
            .map(Tree::List),
        Tree::Object(members) => {
            let mut members = members
                .into_iter()
                .map(|(key, value)| Ok((key, read(value)?)))
                .collect::<Result<Vec<_>, Malformed>>()?;
            if let [(key, value)] = &mut members[..]
                && let Some(tag) = tag_of(key)
            {
                return meaning(&tag, std::mem::replace(value, null()));
            }
            Ok(Tree::Object(members))
        }
        leaf => Ok(leaf),
    }
}

/// The tree as Flask would write it: what looks like a tag is escaped.
pub(super) fn escape(tree: Tree<'_>) -> Tree<'_> {
    match tree {
        Tree::List(items) => Tree::List(items.into_iter().map(escape).collect()),
        Tree::Object(members) => escape_root(Tree::Object(
            members
                .into_iter()
                .map(|(key, value)| (key, escape(value)))
                .collect(),
        )),
        leaf => leaf,
    }
}

/// As [`escape`], of an object whose values are escaped already.
pub(super) fn escape_root(tree: Tree<'_>) -> Tree<'_> {
    let Tree::Object(mut members) = tree else {
        return tree;
    };
    if let [(key, _)] = &mut members[..]
        && let Some(tag) = tag_of(key)
    {
        *key = Cow::Owned(quoted(&format!("{tag}__")));
        return tagged(" di", Tree::Object(members));
    }
    Tree::Object(members)
}

/// An object of one key.
pub(super) fn tagged<'a>(tag: &str, value: Tree<'a>) -> Tree<'a> {
    Tree::Object(vec![(Cow::Owned(quoted(tag)), value)])
}

fn tag_of(key: &str) -> Option<String> {
    unquoted(key).filter(|name| is_tag(name))
}

fn meaning<'a>(tag: &str, value: Tree<'a>) -> Result<Tree<'a>, Malformed> {
    match tag {
        " t" => items(value).map(Tree::List),
        " b" => bytes(&value),
        " m" => markup(value),
        " u" => uuid(&value),
        " d" => http_date(&value),
        _ => unescaped(value),
    }
}

/// What Python's `tuple` makes of a value: the items of a list, the characters of a text, the names of an object.
fn items(value: Tree<'_>) -> Result<Vec<Tree<'_>>, Malformed> {
    match value {
        Tree::List(items) => Ok(items),
        Tree::Object(members) => Ok(members
            .into_iter()
            .map(|(key, _)| Tree::Leaf(key))
            .collect()),
        leaf => {
            let text = leaf.as_text().ok_or(Malformed)?;
            let character = |c: char| Tree::text(c.encode_utf8(&mut [0; 4]));
            Ok(text.chars().map(character).collect())
        }
    }
}

fn bytes(value: &Tree<'_>) -> Result<Tree<'static>, Malformed> {
    let text = value.as_text().ok_or(Malformed)?;
    let bytes = base64::decode(&text).ok_or(Malformed)?;
    let number = |byte: u8| Tree::Leaf(Cow::Owned(byte.to_string()));
    Ok(Tree::List(bytes.into_iter().map(number).collect()))
}

/// Python's `Markup` takes anything that has a text. Nobody means that of a list, an object, or a float, which Python would
/// spell in its own way.
fn markup(value: Tree<'_>) -> Result<Tree<'_>, Malformed> {
    let Tree::Leaf(leaf) = value else {
        return Err(Malformed);
    };
    Ok(match &*leaf {
        text if text.starts_with('"') => Tree::Leaf(leaf),
        "null" => Tree::text("None"),
        "true" => Tree::text("True"),
        "false" => Tree::text("False"),
        "-0" => Tree::text("0"),
        number if number.bytes().all(|b| b == b'-' || b.is_ascii_digit()) => Tree::text(number),
        _ => return Err(Malformed),
    })
}

/// A UUID in any spelling that Python reads: with or without hyphens, in braces, as a URN.
fn uuid(value: &Tree<'_>) -> Result<Tree<'static>, Malformed> {
    let text = value.as_text().ok_or(Malformed)?;
    let bare = text.replace("urn:", "").replace("uuid:", "");
    let hex = bare
        .trim_matches(['{', '}'])
        .replace('-', "")
        .to_ascii_lowercase();
    if hex.len() != 32 || !hex.bytes().all(|byte| byte.is_ascii_hexdigit()) {
        return Err(Malformed);
    }
    let parts = [
        &hex[..8],
        &hex[8..12],
        &hex[12..16],
        &hex[16..20],
        &hex[20..],
    ];
    Ok(Tree::Opaque(quoted(&parts.join("-"))))
}

/// A date, as HTTP writes it. What is none is null, in Flask too.
fn http_date(value: &Tree<'_>) -> Result<Tree<'static>, Malformed> {
    if *value == null() {
        return Ok(null());
    }
    let text = value.as_text().ok_or(Malformed)?;
    let Some(seconds) = date::parse(&text).map_err(|date::Unreadable| Malformed)? else {
        return Ok(null());
    };
    // One beyond the years that Python has, by its offset, fails in Flask when it is written.
    let date = date::format(seconds).ok_or(Malformed)?;
    Ok(Tree::Opaque(quoted(&date)))
}

/// The object whose one key was written with two more characters. Python takes the first where there are several.
fn unescaped(value: Tree<'_>) -> Result<Tree<'_>, Malformed> {
    let Tree::Object(members) = value else {
        return Err(Malformed);
    };
    let (key, value) = members.into_iter().next().ok_or(Malformed)?;
    let name = unquoted(&key).ok_or(Malformed)?;
    let mut characters = name.chars();
    characters.nth_back(1);
    Ok(tagged(characters.as_str(), value))
}

fn null() -> Tree<'static> {
    Tree::Leaf(Cow::Borrowed("null"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(json: &str) -> Option<String> {
        super::read(Tree::parse(json))
            .ok()
            .map(|tree| tree.to_json())
    }

    #[test]
    fn each_tag_has_its_meaning() {
        for (tagged, plain) in [
            (r#"{" t":[1,{" t":[]}]}"#, "[1,[]]"),
            (r#"{" b":"//4="}"#, "[255,254]"),
            (r#"{" m":"<b>"}"#, r#""<b>""#),
            (
                r#"[{" m":-0},{" m":-12},{" m":null}]"#,
                r#"["0","-12","None"]"#,
            ),
            (
                r#"{" u":"0000000000000000000000000000000A"}"#,
                r#""00000000-0000-0000-0000-00000000000a""#,
            ),
            (
                r#"{" d":"Tue, 14 Nov 2023 22:13:20 GMT"}"#,
                r#""Tue, 14 Nov 2023 22:13:20 GMT""#,
            ),
            (r#"{" d":"junk"}"#, "null"),
            (r#"{" di":{" t__":{" t":[1]}}}"#, r#"{" t":[1]}"#),
            (r#"{"\u0020t":[1]}"#, "[1]"),
        ] {
            assert_eq!(read(tagged).as_deref(), Some(plain), "{tagged}");
        }
    }

    #[test]
    fn what_is_no_tag_is_left_alone() {
        for json in [
            r#"{" t":[1],"b":2}"#,
            r#"{" t__":[1]}"#,
            r#"{" x":[1]}"#,
            r#"{"t":[1]}"#,
            "{}",
        ] {
            assert_eq!(read(json).as_deref(), Some(json));
        }
    }

    #[test]
    fn what_flask_fails_on_and_markup_that_nobody_means_is_malformed() {
        for json in [
            r#"{" t":5}"#,
            r#"{" b":"A"}"#,
            r#"{" u":"zz"}"#,
            r#"{" u":{" u":"00000000000000000000000000000001"}}"#,
            r#"{" d":5}"#,
            r#"{" di":{}}"#,
            r#"{" di":{" t":[1]}}"#,
            r#"[{"a":[{" m":[]}]}]"#,
            r#"{" m":1e5}"#,
            r#"{" m":NaN}"#,
        ] {
            assert_eq!(read(json), None, "{json}");
        }
    }

    #[test]
    fn what_is_escaped_reads_as_it_was() {
        for json in [
            r#"{" t":[1]}"#,
            r#"[{" di":{" t__":1}},{"a":{" b":{" u":""}}}]"#,
            r#"{" t":1,"b":2}"#,
        ] {
            let escaped = escape(Tree::parse(json)).to_json();
            assert_eq!(read(&escaped).as_deref(), Some(json), "{escaped}");
        }
        assert_eq!(
            escape(Tree::parse(r#"{" t":[1]}"#)).to_json(),
            r#"{" di":{" t__":[1]}}"#
        );
    }
}
