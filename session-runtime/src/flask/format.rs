//! The format of Flask's sessions: tagged JSON, with its keys sorted.

use std::borrow::Cow;

use crate::session::tree::{Tree, quoted, unquoted};
use crate::session::{Format, Members, Snapshot, Written, append_object};

use super::spelling;
use super::tag;

/// Tagged JSON, as Flask reads and writes it.
#[derive(Debug)]
pub(crate) struct TaggedJson;

impl Format for TaggedJson {
    fn name(&self) -> &'static str {
        "tagged json"
    }

    fn accept(&self, snapshot: &mut Snapshot) -> bool {
        if !tag::may_be_in(snapshot.text()) {
            return true;
        }
        match without_tag(std::mem::take(snapshot)) {
            Some(untagged) => *snapshot = untagged,
            None => return false,
        }
        let readable = |kept: &str| !tag::may_be_in(kept) || tag::read(Tree::parse(kept)).is_ok();
        snapshot
            .members()
            .filter_map(|member| snapshot.get(member.name))
            .all(readable)
    }

    fn read<'a>(&self, kept: &'a str) -> Cow<'a, str> {
        if !tag::may_be_in(kept) {
            return Cow::Borrowed(kept);
        }
        match tag::read(Tree::parse(kept)) {
            Ok(plain) => Cow::Owned(plain.to_json()),
            Err(tag::Malformed) => Cow::Borrowed(kept),
        }
    }

    fn write<'a>(&self, plain: &'a str) -> Cow<'a, str> {
        if tag::may_be_in(plain) {
            Cow::Owned(tag::escape(Tree::parse(plain)).to_json())
        } else {
            Cow::Borrowed(plain)
        }
    }

    fn spelled(&self, session: &Tree<'_>) -> String {
        spelling::spelled(session)
    }

    fn append(&self, members: &Members<'_, '_>, text: &mut String) {
        let mut sorted: Vec<Written<'_>> = Vec::new();
        members(&mut |member| sorted.push(member));
        sorted.sort_by(|a, b| a.name.cmp(b.name));
        match &sorted[..] {
            // The session itself looks like a tag.
            [only] if tag::is_tag(only.name) => {
                let escaped = format!("{}__", only.name);
                let member = Written {
                    name: &escaped,
                    key: None,
                    value: only.value,
                };
                text.push_str("{\" di\":");
                append_object(&|see| see(member), text);
                text.push('}');
            }
            members => append_object(&|see| members.iter().for_each(|member| see(*member)), text),
        }
    }
}

/// The session, if it is not a tag itself. An escaped one is what was escaped; what else Python would make a `dict` of,
/// no signer writes.
fn without_tag(snapshot: Snapshot) -> Option<Snapshot> {
    let mut members = snapshot.members();
    let (Some(only), None) = (members.next(), members.next()) else {
        drop(members);
        return Some(snapshot);
    };
    if !tag::is_tag(only.name) {
        drop(members);
        return Some(snapshot);
    }
    if only.name != " di" {
        return None;
    }
    let Tree::Object(escaped) = Tree::parse(snapshot.get(only.name)?) else {
        return None;
    };
    let [(key, value)] = &escaped[..] else {
        return None;
    };
    let name = unquoted(key)?;
    let name = name.strip_suffix("__")?;
    let text = format!("{{{}:{}}}", quoted(name), value.to_json());
    Snapshot::parse(text.into_bytes()).ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::session::Delta;

    fn load(text: &str) -> Option<Snapshot> {
        let mut snapshot = Snapshot::parse(text.as_bytes().to_vec()).unwrap();
        TaggedJson.accept(&mut snapshot).then_some(snapshot)
    }

    #[test]
    fn a_session_with_a_malformed_tag_is_unreadable() {
        assert!(load(r#"{"a":1,"b":{" t":[1]}}"#).is_some());
        assert!(load(r#"{"a":1,"b":{" t":5}}"#).is_none());
        assert!(load(r#"{"a":1,"b":[{"c":{" u":"zz"}}]}"#).is_none());
    }

    #[test]
    fn what_nobody_touched_is_written_as_it_was_in_the_order_of_the_keys() {
        let text = r#"{"b":{" t":[1e+16,{" b":"QQ===="}]},"a":123456789012345678901234567890}"#;
        let loaded = load(text).unwrap();
        assert_eq!(
            Delta::default().apply(&loaded, &TaggedJson),
            r#"{"a":123456789012345678901234567890,"b":{" t":[1e+16,{" b":"QQ===="}]}}"#
        );
    }

    #[test]
    fn a_session_of_one_key_that_looks_like_a_tag_is_escaped_and_read_back() {
        let mut delta = Delta::default();
        let empty = Snapshot::default();
        delta.set(&empty, " t", "[1]".into());
        let text = delta.apply(&empty, &TaggedJson);
        assert_eq!(text, r#"{" di":{" t__":[1]}}"#);
        let loaded = load(&text).unwrap();
        assert_eq!(loaded.get(" t"), Some("[1]"));
        assert_eq!(Delta::default().apply(&loaded, &TaggedJson), text);
    }

    #[test]
    fn a_session_that_is_another_tag_is_unreadable() {
        for text in [
            r#"{" t":[]}"#,
            r#"{" di":[]}"#,
            r#"{" di":{}}"#,
            r#"{" di":{" t__":1,"b":2}}"#,
        ] {
            assert!(load(text).is_none(), "{text}");
        }
    }
}
