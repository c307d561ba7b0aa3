//! JSON as Flask spells it: names in order, and ASCII only. Numbers keep their spelling, since a float's shortest one is
//! Python's own affair.

use std::borrow::Cow;
use std::fmt::Write as _;

use crate::session::tree::{Tree, unquoted};

/// The text that Flask would write for this.
pub(super) fn spelled(tree: &Tree<'_>) -> String {
    respelled(tree).to_json()
}

fn respelled<'t>(tree: &'t Tree<'_>) -> Tree<'t> {
    match tree {
        Tree::Leaf(leaf) => Tree::Leaf(ascii(leaf)),
        Tree::Opaque(text) => Tree::Opaque(text.clone()),
        Tree::List(items) => Tree::List(items.iter().map(respelled).collect()),
        Tree::Object(members) => {
            let mut members: Vec<_> = members.iter().collect();
            members.sort_by_cached_key(|(key, _)| unquoted(key));
            let members = members.into_iter();
            Tree::Object(
                members
                    .map(|(key, value)| (ascii(key), respelled(value)))
                    .collect(),
            )
        }
    }
}

/// A string in ASCII. One that no Rust string can hold stays as it is, and so does what is no string.
fn ascii(leaf: &str) -> Cow<'_, str> {
    let text = leaf.starts_with('"').then(|| unquoted(leaf)).flatten();
    let Some(text) = text else {
        return Cow::Borrowed(leaf);
    };
    let mut json = String::with_capacity(leaf.len());
    json.push('"');
    for c in text.chars() {
        match c {
            '"' => json.push_str("\\\""),
            '\\' => json.push_str("\\\\"),
            '\n' => json.push_str("\\n"),
            '\r' => json.push_str("\\r"),
            '\t' => json.push_str("\\t"),
            '\u{8}' => json.push_str("\\b"),
            '\u{c}' => json.push_str("\\f"),
            ' '..='~' => json.push(c),
            _ => {
                for unit in c.encode_utf16(&mut [0; 2]) {
                    // Writing to a string cannot fail.
                    let _ = write!(json, "\\u{unit:04x}");
                }
            }
        }
    }
    json.push('"');
    Cow::Owned(json)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn flask(json: &str) -> String {
        spelled(&Tree::parse(json))
    }

    #[test]
    fn names_are_in_order_of_their_code_points_at_every_level() {
        assert_eq!(
            flask(r#"{"b":{"z":1,"a":[{"d":1,"c":2}]},"\u0061":2,"𐀀":3,"\uff41":4}"#),
            r#"{"a":2,"b":{"a":[{"c":2,"d":1}],"z":1},"\uff41":4,"\ud800\udc00":3}"#
        );
    }

    #[test]
    fn what_is_not_ascii_is_escaped_and_del_too() {
        assert_eq!(
            flask("[\"ä字\u{7f}/\\u0000\\u001f\\n\\b\\f\\\"\\\\\"]"),
            r#"["\u00e4\u5b57\u007f/\u0000\u001f\n\b\f\"\\"]"#
        );
        assert_eq!(flask(r#""\uD800""#), r#""\uD800""#);
    }

    #[test]
    fn numbers_keep_their_spelling() {
        let json = "[1e+16,1.0,-0.0,123456789012345678901234567890]";
        assert_eq!(flask(json), json);
    }
}
