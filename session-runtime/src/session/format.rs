//! How values are written in a session's JSON text: as plain JSON, unless the configuration chooses a format that says
//! more than JSON can. What such a format says, this floor does not know.

use std::borrow::Cow;
use std::fmt;

use super::Snapshot;
use super::tree::{Tree, quoted};

/// A way to write values in JSON. What it does not redefine is plain JSON.
pub(crate) trait Format: fmt::Debug + Send + Sync {
    /// What sets the format apart from others.
    fn name(&self) -> &'static str;

    /// Makes a session ready that was loaded, unless the format's own reader would refuse it. Says whether it is.
    fn accept(&self, _: &mut Snapshot) -> bool {
        true
    }

    /// The plain JSON of a value as it is kept.
    fn read<'a>(&self, kept: &'a str) -> Cow<'a, str> {
        Cow::Borrowed(kept)
    }

    /// How a value of plain JSON is kept.
    fn write<'a>(&self, plain: &'a str) -> Cow<'a, str> {
        Cow::Borrowed(plain)
    }

    /// The text of a session that comes from elsewhere, as this format spells it. Its values are kept ones.
    fn spelled(&self, session: &Tree<'_>) -> String {
        session.to_json()
    }

    /// Appends the session's members to `text`, as an object.
    fn append(&self, members: &Members<'_, '_>, text: &mut String) {
        append_object(members, text);
    }
}

/// Shows the members of a session, one after another. As an iterator it would have to be asked for each, from behind a
/// trait object.
pub(crate) type Members<'m, 'a> = dyn Fn(&mut dyn FnMut(Written<'a>)) + 'm;

/// A member as it is to be written.
#[derive(Clone, Copy)]
pub(crate) struct Written<'a> {
    pub(crate) name: &'a str,
    /// The name as a JSON string, where that has been written before.
    pub(crate) key: Option<&'a str>,
    pub(crate) value: &'a str,
}

/// JSON as it is.
#[derive(Debug)]
pub(crate) struct PlainJson;

impl Format for PlainJson {
    fn name(&self) -> &'static str {
        "json"
    }
}

pub(crate) fn append_object(members: &Members<'_, '_>, text: &mut String) {
    text.push('{');
    let mut is_first = true;
    members(&mut |member| {
        if !std::mem::take(&mut is_first) {
            text.push(',');
        }
        match member.key {
            Some(key) => text.push_str(key),
            None => push_quoted(member.name, text),
        }
        text.push(':');
        text.push_str(member.value);
    });
    text.push('}');
}

/// Appends a name as a JSON string.
fn push_quoted(name: &str, text: &mut String) {
    let is_written_as_it_is = |byte: u8| byte >= b' ' && byte != b'"' && byte != b'\\';
    if name.bytes().all(is_written_as_it_is) {
        text.push('"');
        text.push_str(name);
        text.push('"');
    } else {
        text.push_str(&quoted(name));
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn a_name_is_quoted_as_json_quotes_it(name: String) {
            let mut text = String::new();
            push_quoted(&name, &mut text);
            prop_assert_eq!(text, quoted(&name));
        }
    }
}
