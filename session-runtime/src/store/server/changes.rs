//! What a request has changed, said as a store wants to hear it.

use std::borrow::Cow;

use super::protocol::Value;
use crate::session::{Delta, FRESH, Permanence, Snapshot, Text, is_of_login, is_reserved, spelled};

/// What a request has changed, when it ends.
#[derive(Clone, Copy)]
pub(crate) struct Changes<'a> {
    pub(crate) snapshot: &'a Snapshot,
    pub(crate) delta: &'a Delta,
    pub(crate) renewed: bool,
    /// What the application calls the session from now on, if that changes.
    pub(crate) label: Option<&'a Option<String>>,
    /// What `&mut` values were when they were loaded.
    pub(crate) expected: &'a [(String, Option<Text>)],
    pub(crate) login_key: &'a str,
}

impl Changes<'_> {
    /// Whether anything is to be saved.
    pub(crate) fn is_any(&self) -> bool {
        self.renewed || self.label.is_some() || !self.delta.is_empty() || self.snapshot.is_moved()
    }

    pub(super) fn leaves_nothing(&self) -> bool {
        self.delta.leaves_nothing(self.snapshot)
    }

    /// Whether somebody else is logged in than when the session was loaded, or nobody any more.
    pub(super) fn is_login_changed(&self) -> bool {
        self.user() != self.user_before()
    }

    /// Whether somebody is logged in who was not, or who has given the password once more.
    pub(super) fn logs_in(&self) -> bool {
        self.user().is_some() && (self.is_login_changed() || self.gives_password())
    }

    /// Whether somebody has given the password. It is noted when that was.
    pub(super) fn gives_password(&self) -> bool {
        let is_fresh = |(name, value)| name == FRESH && !matches!(value, None | Some("false"));
        self.delta.changes().any(is_fresh)
    }

    /// What is left of what was loaded where the session is another's by now: who is logged in, and for how long.
    pub(super) fn of_the_login(&self) -> Snapshot {
        let is_kept = |name: &str| is_of_login(name, self.login_key) || is_reserved(name);
        let kept = self.snapshot.members();
        let kept = kept.filter(|member| is_kept(member.name));
        let values: Vec<Value> = kept
            .map(|member| (member.name.to_owned(), member.value.to_owned()))
            .collect();
        Snapshot::of_values(&values)
    }

    /// Who is logged in now.
    pub(super) fn user(&self) -> Option<Cow<'_, str>> {
        user(self.delta.get(self.snapshot, self.login_key))
    }

    fn user_before(&self) -> Option<Cow<'_, str>> {
        user(self.snapshot.get(self.login_key))
    }

    pub(super) fn permanence_before(&self) -> Permanence {
        Permanence::of(self.snapshot, &Delta::default())
    }

    /// All values, for a session that is new in the store.
    pub(super) fn values(&self) -> Vec<Value> {
        self.delta
            .names(self.snapshot)
            .filter_map(|name| {
                let value = self.delta.get(self.snapshot, name)?;
                Some((name.to_owned(), value.to_owned()))
            })
            .collect()
    }

    pub(super) fn set(&self) -> Vec<Value> {
        let set = |(name, value): (&str, Option<&str>)| Some((name.to_owned(), value?.to_owned()));
        self.delta.changes().filter_map(set).collect()
    }

    pub(super) fn removed(&self) -> Vec<String> {
        let removed =
            |(name, value): (&str, Option<&str>)| value.is_none().then(|| name.to_owned());
        self.delta.changes().filter_map(removed).collect()
    }

    pub(super) fn expected(&self) -> Vec<(String, Option<String>)> {
        let text = |text: &Text| text.to_string();
        self.expected
            .iter()
            .map(|(name, loaded)| (name.clone(), loaded.as_ref().map(text)))
            .collect()
    }
}

/// Null is how Python says that nobody is. A user has one spelling, by which their sessions are asked for.
fn user(value: Option<&str>) -> Option<Cow<'_, str>> {
    value.filter(|value| *value != "null").map(spelled)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn of_a_login_all_is_left_that_was_noted_of_it_and_nothing_else() {
        let loaded = r#"{"_permanent":true,"cart":[1],"_fresh":true,"_id":"browser","user_id":7}"#;
        let snapshot = Snapshot::parse(loaded.into()).unwrap();
        let changes = Changes {
            snapshot: &snapshot,
            delta: &Delta::default(),
            renewed: true,
            label: None,
            expected: &[],
            login_key: "user_id",
        };
        let kept = changes.of_the_login();
        let names: Vec<_> = kept.members().map(|member| member.name).collect();
        assert_eq!(names, ["_permanent", "_fresh", "_id", "user_id"]);
    }
}
