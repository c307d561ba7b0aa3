//! What was loaded. It keeps the JSON text as it came and remembers where each value stands in it, so that a value is
//! parsed when somebody asks for it, and one that nobody touched is written back byte for byte.

use std::borrow::Cow;
use std::ops::Range;

use super::format::{Format, Written};
use super::members::members;
use super::name::name_of;
use super::python;
use super::tree::quoted;

/// A session as it was loaded; empty if there was none.
#[derive(Clone, Default)]
pub(crate) struct Snapshot {
    text: String,
    entries: Vec<Entry>,
    standing: Standing,
}

/// Where the session was, if anywhere. It is in whole words, as its time is: a snapshot is moved on just after it is made,
/// and the processor waits where part of a word is read that was written otherwise.
#[derive(Clone, Copy, Default)]
enum Standing {
    #[default]
    New,
    Saved(Saved),
    /// It is not to stay where it was loaded from.
    Moved(Option<Saved>),
}

/// When the session was saved.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Saved {
    /// In unix seconds.
    pub(crate) at: u64,
    /// How long that was ago when it was loaded, in seconds.
    pub(crate) ago: u64,
}

#[derive(Clone)]
struct Entry {
    /// The key as it is written, in quotes.
    key: Range<usize>,
    /// The key's name, where it differs from what stands between the quotes.
    name: Option<Box<str>>,
    value: Range<usize>,
}

/// The text is no session: not JSON, not an object, or something that Python would not read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the payload is not a JSON object that Flask would read")]
pub(crate) struct Unreadable;

impl Snapshot {
    /// Reads a session's payload: a JSON object, or `null` for an empty session.
    pub(crate) fn parse(payload: Vec<u8>) -> Result<Self, Unreadable> {
        let mut snapshot = Self::default();
        snapshot.load(payload)?;
        Ok(snapshot)
    }

    /// Reads a payload in place of what is here, as [`parse`](Self::parse) does: a snapshot is moved only once on its way to
    /// its session, since each move of what was just written has to be waited for. What cannot be read changes nothing.
    pub(crate) fn load(&mut self, payload: Vec<u8>) -> Result<(), Unreadable> {
        let text = String::from_utf8(payload).map_err(|_| Unreadable)?;
        if python::refuses(&text) {
            return Err(Unreadable);
        }
        let entries = match entries(&text) {
            Ok(entries) => entries,
            Err(Unreadable) => match python::without_words(&text) {
                Cow::Borrowed(_) => return Err(Unreadable),
                Cow::Owned(json) => entries(&json)?,
            },
        };
        self.text = text;
        self.entries = entries;
        self.standing = Standing::New;
        Ok(())
    }

    /// A session of these values, each a name and its JSON text.
    pub(crate) fn of_values(values: &[(String, String)]) -> Self {
        let letters = values.iter().map(|(name, value)| name.len() + value.len());
        let quotes = 2 * values.len();
        let mut snapshot = Self {
            text: String::with_capacity(letters.sum::<usize>() + quotes),
            entries: Vec::with_capacity(values.len()),
            ..Self::default()
        };
        for (name, value) in values {
            snapshot.push(name, value);
        }
        snapshot
    }

    fn push(&mut self, name: &str, value: &str) {
        let start = self.text.len();
        let key = quoted(name);
        self.text.push_str(&key);
        let end = self.text.len();
        self.text.push_str(value);
        self.entries.push(Entry {
            key: start..end,
            name: (&key[1..key.len() - 1] != name).then(|| name.into()),
            value: end..self.text.len(),
        });
    }

    /// The session with another value under `name`, or none: what turned out to be there since it was loaded.
    pub(crate) fn replace(&mut self, name: &str, value: Option<&str>) {
        let text = &self.text;
        self.entries.retain(|entry| !entry.is(name, text));
        if let Some(value) = value {
            self.push(name, value);
        }
    }

    /// Says when the session was saved.
    pub(crate) fn set_saved(&mut self, saved: Saved) {
        self.standing = Standing::Saved(saved);
    }

    /// When the session was saved, if it ever was.
    pub(crate) fn saved(&self) -> Option<Saved> {
        match self.standing {
            Standing::New => None,
            Standing::Saved(saved) => Some(saved),
            Standing::Moved(saved) => saved,
        }
    }

    /// The session, written anew in the format `to`, because it was loaded from where it is not to stay. Nothing if it cannot
    /// be read in that format.
    pub(crate) fn moved(self, from: &dyn Format, to: &dyn Format) -> Option<Self> {
        let standing = Standing::Moved(self.saved());
        if from.name() == to.name() {
            return Some(Self { standing, ..self });
        }
        let values: Vec<(Member<'_>, String)> = self
            .members()
            .map(|member| {
                let plain = from.read(member.value);
                let kept = to.write(&plain).into_owned();
                (member, kept)
            })
            .collect();
        let members = |see: &mut dyn FnMut(_)| {
            for (member, value) in &values {
                see(Written {
                    name: member.name,
                    key: Some(member.key),
                    value,
                });
            }
        };
        let mut text = String::with_capacity(self.text.len());
        to.append(&members, &mut text);
        let mut moved = Self::parse(text.into_bytes()).ok()?;
        to.accept(&mut moved).then_some(())?;
        Some(Self { standing, ..moved })
    }

    /// Whether the session was loaded from where it is not to stay.
    pub(crate) fn is_moved(&self) -> bool {
        matches!(self.standing, Standing::Moved(_))
    }

    /// The JSON text of the value under `name`.
    pub(crate) fn get(&self, name: &str) -> Option<&str> {
        let entry = self
            .entries
            .iter()
            .find(|entry| entry.is(name, &self.text))?;
        Some(&self.text[entry.value.clone()])
    }

    /// The members in the order of the text.
    pub(crate) fn members(&self) -> impl Iterator<Item = Member<'_>> {
        self.entries.iter().map(|entry| Member {
            name: entry.name(&self.text),
            key: &self.text[entry.key.clone()],
            value: &self.text[entry.value.clone()],
        })
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    /// The text as it was loaded.
    pub(crate) fn text(&self) -> &str {
        &self.text
    }
}

/// One value.
pub(crate) struct Member<'a> {
    pub(crate) name: &'a str,
    /// The name as it is written, in quotes.
    pub(crate) key: &'a str,
    pub(crate) value: &'a str,
}

impl Entry {
    fn name<'a>(&'a self, text: &'a str) -> &'a str {
        self.name
            .as_deref()
            .unwrap_or_else(|| &text[self.key.start + 1..self.key.end - 1])
    }

    /// Whether both have one name.
    fn is_named_as(&self, other: &Self, text: &str) -> bool {
        match (&self.name, &other.name) {
            // As its length alone tells most.
            (None, None) if self.key.len() != other.key.len() => false,
            _ => self.is(other.name(text), text),
        }
    }

    /// Whether that is its name. Bytes are compared, since cutting a text looks for the boundaries of characters.
    fn is(&self, name: &str, text: &str) -> bool {
        match &self.name {
            Some(own) => **own == *name,
            None => {
                // Its length alone tells most others from it.
                self.key.len() == name.len() + 2
                    && text.as_bytes().get(self.key.start + 1..self.key.end - 1)
                        == Some(name.as_bytes())
            }
        }
    }
}

/// The members of the root object in `json`; `null` has none.
fn entries(json: &str) -> Result<Vec<Entry>, Unreadable> {
    // More than most sessions have, so that there is one allocation, and below what allocators are slow with.
    let mut entries: Vec<Entry> = Vec::with_capacity(16);
    let found = members(json, python::MAX_DEPTH, |place| {
        let name = place
            .has_escape
            .then(|| name_of(&json[place.key.clone()]).into());
        let entry = Entry {
            name,
            key: place.key,
            value: place.value,
        };
        // Python keeps the last of two members with one name.
        match entries
            .iter_mut()
            .find(|known| known.is_named_as(&entry, json))
        {
            Some(known) => known.value = entry.value,
            None => entries.push(entry),
        }
    });
    found.map(|()| entries).ok_or(Unreadable)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use proptest::prelude::*;
    use proptest::sample::select;

    use super::*;

    fn parse(text: &str) -> Result<Snapshot, Unreadable> {
        Snapshot::parse(text.as_bytes().to_vec())
    }

    #[test]
    fn values_are_given_as_they_are_written() {
        let snapshot =
            parse(r#" {"a" : [1, 2.50] ,"b":"\u5b57","c":123456789012345678901234567890} "#)
                .unwrap();
        assert_eq!(snapshot.get("a"), Some("[1, 2.50]"));
        assert_eq!(snapshot.get("b"), Some(r#""\u5b57""#));
        assert_eq!(snapshot.get("c"), Some("123456789012345678901234567890"));
        assert_eq!(snapshot.get("d"), None);
    }

    #[test]
    fn an_escaped_key_has_its_own_name_and_keeps_its_spelling() {
        let snapshot = parse(r#"{"\u5b57":1,"\ud800":2}"#).unwrap();
        assert_eq!(snapshot.get("字"), Some("1"));
        let keys: Vec<_> = snapshot.members().map(|member| member.key).collect();
        assert_eq!(keys, [r#""\u5b57""#, r#""\ud800""#]);
    }

    #[test]
    fn what_only_python_writes_is_kept() {
        let snapshot = parse(r#"{"a":NaN,"b":[-Infinity],"c":"\ud800"}"#).unwrap();
        assert_eq!(snapshot.get("a"), Some("NaN"));
        assert_eq!(snapshot.get("b"), Some("[-Infinity]"));
        assert_eq!(snapshot.get("c"), Some(r#""\ud800""#));
    }

    #[test]
    fn of_two_members_with_one_name_the_last_counts() {
        let snapshot = parse(r#"{"a":1,"b":2,"\u0061":3}"#).unwrap();
        assert_eq!(snapshot.get("a"), Some("3"));
        assert_eq!(snapshot.members().count(), 2);
        let snapshot = parse(r#"{"\ud800":1,"\ud801":2,"\uD800":3}"#).unwrap();
        assert_eq!(snapshot.get(r"\ud800"), Some("3"));
        assert_eq!(snapshot.members().count(), 2);
    }

    #[test]
    fn null_and_an_empty_object_are_empty_sessions() {
        assert!(parse("null").unwrap().is_empty());
        assert!(parse("{}").unwrap().is_empty());
    }

    #[test]
    fn what_is_no_object_is_unreadable() {
        for text in [
            "",
            "[1]",
            "true",
            "0",
            "\"a\"",
            "{\"a\":1}x",
            "{\"a\":}",
            "\u{feff}{}",
            "{'a':1}",
            "{1:2}",
            "nul",
        ] {
            assert!(parse(text).is_err(), "{text}");
        }
        assert!(Snapshot::parse(b"{\"a\":\"\xff\"}".to_vec()).is_err());
    }

    /// Values that end and begin as what stands around them does, and others.
    const VALUES: [&str; 8] = [
        r#"{"b":{}}"#,
        r#"[{"c" : ":,}"} ]"#,
        r#"",}""#,
        r#"":""#,
        r#""é\"字""#,
        "-1.5e3",
        "null",
        "{ }",
    ];

    proptest! {
        #[test]
        fn a_value_is_found_whatever_space_is_around_it(
            members in prop::collection::btree_map("[a-z:,} é]{0,3}", select(&VALUES[..]), 0..6),
            spaces in prop::collection::vec("[ \t\r\n]{0,2}", 26),
        ) {
            let mut spaces = spaces.iter().map(String::as_str);
            let mut space = || spaces.next().unwrap_or_default();
            let mut text = format!("{}{{", space());
            for (at, (name, value)) in members.iter().enumerate() {
                let comma = if at > 0 { "," } else { "" };
                let (key, value) = (quoted(name), *value);
                for part in [comma, &key, ":", value] {
                    text.push_str(part);
                    text.push_str(space());
                }
            }
            text.push('}');
            text.push_str(space());
            let snapshot = parse(&text).unwrap();
            let found: BTreeMap<String, &str> = snapshot
                .members()
                .map(|member| (member.name.to_owned(), member.value))
                .collect();
            prop_assert_eq!(found, members, "{}", text);
        }
    }
}
