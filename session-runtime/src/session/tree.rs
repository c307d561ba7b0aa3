//! JSON as a tree that keeps numbers and texts as they are spelled, so that what is rewritten for one reason loses nothing
//! else. What a key or a value means it does not know.

use std::borrow::Cow;

use super::name::name_of;
use super::python::string_end;

/// A JSON value, or what a format made of one.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Tree<'a> {
    /// A number, a string in its quotes, `true`, `false`, `null`, or a word that only Python writes.
    Leaf(Cow<'a, str>),
    /// What reads as this JSON text here, and is no such value to whoever wrote it.
    Opaque(String),
    List(Vec<Tree<'a>>),
    /// Names as JSON strings. Each is there once.
    Object(Vec<(Cow<'a, str>, Tree<'a>)>),
}

impl<'a> Tree<'a> {
    /// Reads what is known to be JSON, but for Python's words. Of any other text it makes some tree.
    pub(crate) fn parse(json: &'a str) -> Self {
        Reader { rest: json }.value()
    }

    pub(crate) fn text(text: &str) -> Self {
        Self::Leaf(Cow::Owned(quoted(text)))
    }

    /// What a string says. Nothing if it is no string, or has a lone surrogate.
    pub(crate) fn as_text(&self) -> Option<String> {
        match self {
            Self::Leaf(leaf) => unquoted(leaf),
            _ => None,
        }
    }

    pub(crate) fn write(&self, json: &mut String) {
        match self {
            Self::Leaf(leaf) => json.push_str(leaf),
            Self::Opaque(text) => json.push_str(text),
            Self::List(items) => {
                json.push('[');
                for (at, item) in items.iter().enumerate() {
                    if at > 0 {
                        json.push(',');
                    }
                    item.write(json);
                }
                json.push(']');
            }
            Self::Object(members) => {
                json.push('{');
                for (at, (key, value)) in members.iter().enumerate() {
                    if at > 0 {
                        json.push(',');
                    }
                    json.push_str(key);
                    json.push(':');
                    value.write(json);
                }
                json.push('}');
            }
        }
    }

    pub(crate) fn to_json(&self) -> String {
        let mut json = String::new();
        self.write(&mut json);
        json
    }

    /// Whether each of its texts and names can be held by a Rust string: a lone surrogate cannot, nor is a word that only
    /// Python writes a JSON value.
    pub(crate) fn is_plain_json(&self) -> bool {
        match self {
            Self::Leaf(leaf) if leaf.starts_with('"') => unquoted(leaf).is_some(),
            Self::Leaf(leaf) => !leaf.ends_with(['N', 'y']),
            Self::Opaque(_) => true,
            Self::List(items) => items.iter().all(Self::is_plain_json),
            Self::Object(members) => members
                .iter()
                .all(|(key, value)| unquoted(key).is_some() && value.is_plain_json()),
        }
    }
}

/// A text as a JSON string.
pub(crate) fn quoted(text: &str) -> String {
    serde_json::Value::from(text).to_string()
}

/// What a JSON string says.
pub(crate) fn unquoted(json: &str) -> Option<String> {
    serde_json::from_str(json).ok()
}

struct Reader<'a> {
    rest: &'a str,
}

impl<'a> Reader<'a> {
    fn value(&mut self) -> Tree<'a> {
        self.skip_spaces();
        if self.skip('[') {
            return Tree::List(self.items(']', Self::value));
        }
        if self.skip('{') {
            let mut members: Vec<(Cow<'a, str>, Tree<'a>)> = Vec::new();
            for (key, value) in self.items('}', Self::member) {
                // Python keeps the last of two members with one name.
                match members.iter_mut().find(|(known, _)| same_name(known, key)) {
                    Some((_, known)) => *known = value,
                    None => members.push((Cow::Borrowed(key), value)),
                }
            }
            return Tree::Object(members);
        }
        Tree::Leaf(Cow::Borrowed(self.leaf()))
    }

    fn member(&mut self) -> (&'a str, Tree<'a>) {
        self.skip_spaces();
        let key = self.leaf();
        self.skip_spaces();
        self.skip(':');
        (key, self.value())
    }

    fn items<T>(&mut self, end: char, mut item: impl FnMut(&mut Self) -> T) -> Vec<T> {
        let mut items = Vec::new();
        self.skip_spaces();
        while !self.rest.is_empty() && !self.skip(end) {
            items.push(item(self));
            self.skip_spaces();
            if !self.skip(',') && !self.rest.starts_with(end) {
                break;
            }
            self.skip_spaces();
        }
        items
    }

    /// A string with its quotes, or whatever else has no parts.
    fn leaf(&mut self) -> &'a str {
        let end = if self.rest.starts_with('"') {
            string_end(self.rest)
        } else {
            let ends = |c: char| matches!(c, ',' | ':' | ']' | '}') || c.is_ascii_whitespace();
            self.rest.find(ends).unwrap_or(self.rest.len())
        };
        let (leaf, rest) = self.rest.split_at(end);
        self.rest = rest;
        leaf
    }

    fn skip(&mut self, what: char) -> bool {
        match self.rest.strip_prefix(what) {
            Some(rest) => {
                self.rest = rest;
                true
            }
            None => false,
        }
    }

    fn skip_spaces(&mut self) {
        self.rest = self.rest.trim_ascii_start();
    }
}

fn same_name(a: &str, b: &str) -> bool {
    a == b || ((a.contains('\\') || b.contains('\\')) && name_of(a) == name_of(b))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn numbers_and_texts_keep_their_spelling() {
        let json =
            r#"[123456789012345678901234567890,1e+16,-0,NaN,"\ud800\u5b57",{"a":[],"b":{}}]"#;
        assert_eq!(Tree::parse(json).to_json(), json);
        assert_eq!(
            Tree::parse(" { \"a\" : [ 1 , \"]\\\"\" ] } ").to_json(),
            r#"{"a":[1,"]\""]}"#
        );
    }

    #[test]
    fn of_two_members_with_one_name_the_last_counts() {
        assert_eq!(
            Tree::parse(r#"{"a":1,"b":2,"\u0061":3}"#).to_json(),
            r#"{"a":3,"b":2}"#
        );
        assert_eq!(
            Tree::parse(r#"{"\ud800":1,"\ud801":2,"\uD800":3}"#).to_json(),
            r#"{"\ud800":3,"\ud801":2}"#
        );
    }

    fn json() -> impl Strategy<Value = serde_json::Value> {
        let leaf = prop_oneof![
            Just(serde_json::Value::Null),
            any::<bool>().prop_map(serde_json::Value::from),
            any::<i64>().prop_map(serde_json::Value::from),
            any::<f64>().prop_map(serde_json::Value::from),
            any::<String>().prop_map(serde_json::Value::from),
        ];
        leaf.prop_recursive(4, 40, 6, |inner| {
            prop_oneof![
                prop::collection::vec(inner.clone(), 0..6).prop_map(serde_json::Value::from),
                prop::collection::btree_map(any::<String>(), inner, 0..6)
                    .prop_map(|members| serde_json::Value::Object(members.into_iter().collect())),
            ]
        })
    }

    proptest! {
        #[test]
        fn any_json_comes_back_as_it_was(value in json()) {
            let json = value.to_string();
            prop_assert_eq!(Tree::parse(&json).to_json(), json);
            let spaced = serde_json::to_string_pretty(&value).unwrap();
            prop_assert_eq!(Tree::parse(&spaced).to_json(), value.to_string());
        }

        #[test]
        fn no_text_is_a_panic(text in ".*") {
            Tree::parse(&text);
        }
    }
}
