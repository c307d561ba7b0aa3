//! What this request changed: which keys it set and removed. Applied to a snapshot it gives the new session; a store
//! applies it to whatever the session is by then.

use compact_str::CompactString;
use smallvec::SmallVec;

use super::format::{Format, Written};
use super::raw::same;
use super::reserved::is_reserved;
use super::snapshot::{Member, Snapshot};
use super::text::Text;

/// The changes of one request.
#[derive(Clone, Default)]
pub(crate) struct Delta {
    /// Everything that was loaded is gone.
    cleared: bool,
    /// One, in most requests that change anything, and then without memory of its own.
    changes: SmallVec<[(CompactString, Change); 1]>,
}

#[derive(Clone)]
enum Change {
    Set(Text),
    Remove,
}

impl Delta {
    pub(crate) fn is_empty(&self) -> bool {
        !self.cleared && self.changes.is_empty()
    }

    /// Whether everything that was loaded is gone.
    pub(crate) fn is_cleared(&self) -> bool {
        self.cleared
    }

    /// The values that were set, and the names of those that were removed.
    pub(crate) fn changes(&self) -> impl Iterator<Item = (&str, Option<&str>)> {
        self.changes.iter().map(|(name, change)| match change {
            Change::Set(value) => (name.as_str(), Some(&**value)),
            Change::Remove => (name.as_str(), None),
        })
    }

    /// Whether the value under `name` can be another one than was loaded.
    pub(crate) fn may_change(&self, name: &str) -> bool {
        self.cleared || self.change(name).is_some()
    }

    /// The JSON text of the value that `name` has now.
    pub(crate) fn get<'a>(&'a self, snapshot: &'a Snapshot, name: &str) -> Option<&'a str> {
        match self.change(name) {
            Some(Change::Set(value)) => Some(value),
            Some(Change::Remove) => None,
            None => self.loaded(snapshot, name),
        }
    }

    /// Sets a value. What is already there, or was there when the session was loaded, is no change.
    pub(crate) fn set(&mut self, snapshot: &Snapshot, name: &str, value: Text) {
        let is = |known: Option<&str>| known.is_some_and(|known| same(known, &value));
        if is(self.loaded(snapshot, name)) {
            self.forget(name);
        } else if self.change(name).is_none() || !is(self.get(snapshot, name)) {
            self.put(name, Change::Set(value));
        }
    }

    /// Removes a value. Removing what is not there is no change.
    pub(crate) fn remove(&mut self, snapshot: &Snapshot, name: &str) {
        if self.loaded(snapshot, name).is_some() {
            self.put(name, Change::Remove);
        } else {
            self.forget(name);
        }
    }

    /// Removes everything. Clearing an empty session is no change.
    pub(crate) fn clear(&mut self, snapshot: &Snapshot) {
        self.changes.clear();
        self.cleared = !snapshot.is_empty();
    }

    /// The names that have a value now: first those that were loaded, then those that are new.
    pub(crate) fn names<'a>(&'a self, snapshot: &'a Snapshot) -> impl Iterator<Item = &'a str> {
        let kept = self.kept(snapshot).map(|member| member.name);
        kept.chain(self.added(snapshot).map(|(name, _)| name))
    }

    /// Whether no value is left. What the session keeps for itself does not count.
    pub(crate) fn leaves_nothing(&self, snapshot: &Snapshot) -> bool {
        self.names(snapshot).all(is_reserved)
    }

    /// The JSON text of the whole session as it is now. What nobody touched is there byte for byte.
    pub(crate) fn apply(&self, snapshot: &Snapshot, format: &dyn Format) -> String {
        let mut text = String::with_capacity(snapshot.text().len() + 64 * self.changes.len() + 2);
        let members = |see: &mut dyn FnMut(_)| {
            for Member { name, key, value } in self.kept(snapshot) {
                let key = Some(key);
                see(Written { name, key, value });
            }
            for (name, value) in self.added(snapshot) {
                let key = None;
                see(Written { name, key, value });
            }
        };
        format.append(&members, &mut text);
        text
    }

    /// The members that were loaded and have a value now, with that value.
    fn kept<'a>(&'a self, snapshot: &'a Snapshot) -> impl Iterator<Item = Member<'a>> {
        snapshot.members().filter_map(|member| {
            let value = match self.change(member.name) {
                Some(Change::Set(value)) => value,
                Some(Change::Remove) => return None,
                None if self.cleared => return None,
                None => member.value,
            };
            Some(Member { value, ..member })
        })
    }

    fn added<'a>(&'a self, snapshot: &'a Snapshot) -> impl Iterator<Item = (&'a str, &'a str)> {
        self.changes
            .iter()
            .filter_map(|(name, change)| match change {
                Change::Set(value) if snapshot.get(name).is_none() => {
                    Some((name.as_str(), &**value))
                }
                _ => None,
            })
    }

    fn loaded<'a>(&self, snapshot: &'a Snapshot, name: &str) -> Option<&'a str> {
        if self.cleared {
            None
        } else {
            snapshot.get(name)
        }
    }

    fn change(&self, name: &str) -> Option<&Change> {
        self.changes
            .iter()
            .find(|(changed, _)| changed == name)
            .map(|(_, change)| change)
    }

    fn put(&mut self, name: &str, change: Change) {
        match self.changes.iter_mut().find(|(changed, _)| changed == name) {
            Some((_, known)) => *known = change,
            None => self.changes.push((name.into(), change)),
        }
    }

    fn forget(&mut self, name: &str) {
        self.changes.retain(|(changed, _)| changed != name);
    }
}

#[cfg(test)]
mod tests {
    use std::collections::{BTreeMap, BTreeSet};

    use proptest::prelude::*;
    use proptest::sample::select;

    use super::*;
    use crate::session::PlainJson;
    use crate::session::tree::quoted;

    fn snapshot(text: &str) -> Snapshot {
        Snapshot::parse(text.as_bytes().to_vec()).unwrap()
    }

    #[test]
    fn untouched_members_come_back_byte_for_byte() {
        let loaded = snapshot(r#"{"\u5b57": 1e5,"x":[1,  2],"n":NaN}"#);
        let mut delta = Delta::default();
        delta.set(&loaded, "new\"", "true".into());
        assert_eq!(
            delta.apply(&loaded, &PlainJson),
            r#"{"\u5b57":1e5,"x":[1,  2],"n":NaN,"new\"":true}"#
        );
    }

    #[test]
    fn setting_what_is_there_is_no_change() {
        let loaded = snapshot(r#"{"a":"\u5b57"}"#);
        let mut delta = Delta::default();
        delta.set(&loaded, "a", r#""字""#.into());
        assert!(delta.is_empty());
    }

    #[test]
    fn a_change_taken_back_is_no_change() {
        let loaded = snapshot(r#"{"a":1}"#);
        let mut delta = Delta::default();
        delta.set(&loaded, "a", "2".into());
        delta.set(&loaded, "a", "1".into());
        assert!(delta.is_empty());
        delta.set(&loaded, "b", "1".into());
        delta.remove(&loaded, "b");
        assert!(delta.is_empty());
    }

    #[test]
    fn what_is_set_after_clearing_stays() {
        let loaded = snapshot(r#"{"a":1,"b":2}"#);
        let mut delta = Delta::default();
        delta.set(&loaded, "c", "3".into());
        delta.clear(&loaded);
        delta.set(&loaded, "a", "1".into());
        assert_eq!(delta.apply(&loaded, &PlainJson), r#"{"a":1}"#);
        assert_eq!(delta.names(&loaded).collect::<Vec<_>>(), ["a"]);
    }

    #[test]
    fn clearing_or_removing_nothing_is_no_change() {
        let loaded = snapshot("{}");
        let mut delta = Delta::default();
        delta.clear(&loaded);
        delta.remove(&loaded, "a");
        assert!(delta.is_empty());
        assert_eq!(delta.apply(&loaded, &PlainJson), "{}");
    }

    #[derive(Clone, Debug)]
    enum Step {
        Set(&'static str, &'static str),
        Remove(&'static str),
        Clear,
    }

    const NAMES: [&str; 5] = ["a", "b", "字", "", "quote\""];
    /// Some say the same, in another spelling.
    const VALUES: [&str; 10] = [
        "1",
        "1.0",
        "[1,  2]",
        "[1,2]",
        r#""\u5b57""#,
        r#""字""#,
        "NaN",
        "null",
        "100000000000000000001",
        "100000000000000000002",
    ];

    fn step() -> impl Strategy<Value = Step> {
        prop_oneof![
            8 => (select(&NAMES[..]), select(&VALUES[..])).prop_map(|(name, value)| Step::Set(name, value)),
            4 => select(&NAMES[..]).prop_map(Step::Remove),
            1 => Just(Step::Clear),
        ]
    }

    proptest! {
        #[test]
        fn any_changes_leave_what_a_map_would_hold_and_the_rest_byte_for_byte(
            loaded in prop::collection::btree_map(select(&NAMES[..]), select(&VALUES[..]), 0..5),
            steps in prop::collection::vec(step(), 0..20),
        ) {
            let members: Vec<_> = loaded
                .iter()
                .map(|(name, value)| format!(" {} : {value}", quoted(name)))
                .collect();
            let loaded_text = format!("{{{} }}", members.join(","));
            let before = snapshot(&loaded_text);

            let mut delta = Delta::default();
            let mut model: BTreeMap<&str, &str> = loaded.clone();
            let mut touched = BTreeSet::new();
            for step in steps {
                match step {
                    Step::Set(name, value) => {
                        delta.set(&before, name, value.into());
                        model.insert(name, value);
                        touched.insert(name);
                    }
                    Step::Remove(name) => {
                        delta.remove(&before, name);
                        model.remove(name);
                        touched.insert(name);
                    }
                    Step::Clear => {
                        delta.clear(&before);
                        model.clear();
                        touched.extend(NAMES);
                    }
                }
            }

            let after = snapshot(&delta.apply(&before, &PlainJson));
            let names = |snapshot: &Snapshot| -> BTreeSet<String> {
                snapshot.members().map(|member| member.name.to_owned()).collect()
            };
            prop_assert_eq!(names(&after), model.keys().map(|&name| name.to_owned()).collect());
            for (name, value) in &model {
                let now = after.get(name).unwrap();
                prop_assert_eq!(delta.get(&before, name), Some(now));
                prop_assert!(same(now, value), "{} is {}, not {}", name, now, value);
                if !touched.contains(name) {
                    prop_assert_eq!(now, *value);
                }
            }
            if delta.is_empty() {
                prop_assert_eq!(names(&after), names(&before));
            }
        }
    }
}
