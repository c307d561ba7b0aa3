//! Whether all routes agree on the type that a session key has.
//!
//! Two handlers that keep values of different types under one key throw each other's values away. In one `routes![]` the
//! compiler finds it, where the types differ in size or alignment: more of a type is not known in a constant. The rest is
//! found when the routes are put together. This sees what parameters declare; what a handler does through its `Session` it
//! cannot see.

use std::collections::HashMap;

use super::sentence::Sentence;
use super::table::Entry;
use crate::gate::{Info, KeyUse};
use crate::session::is_same;

/// The first use of each key in a list of handlers, filled while `routes![]` checks one handler after the other.
///
/// A hash table, because a list of a thousand handlers is compared here by the compiler's interpreter.
pub struct KeyTypes<const SLOTS: usize> {
    slots: [Option<(&'static Info, &'static KeyUse)>; SLOTS],
}

/// How many slots a table for these handlers needs.
#[must_use]
pub const fn key_slots(infos: &[Info]) -> usize {
    let (mut slots, mut at) = (1, 0);
    while at < infos.len() {
        slots += 2 * infos[at].keys.len();
        at += 1;
    }
    slots
}

impl<const SLOTS: usize> KeyTypes<SLOTS> {
    /// A table without keys.
    #[must_use]
    #[expect(clippy::new_without_default, reason = "a constant calls it")]
    pub const fn new() -> Self {
        Self {
            slots: [None; SLOTS],
        }
    }

    /// Checks one handler of the list, and gives the place of the next: that it has a route, and one type under each key with
    /// those before it.
    ///
    /// # Panics
    ///
    /// If it has none, or if they have a type of another size or alignment under one key. The compiler shows it as an error.
    #[track_caller]
    pub const fn check(&mut self, infos: &'static [Info], at: usize, no_route: &str) -> usize {
        let info = &infos[at];
        if !info.is_routed() {
            Sentence::new().say(no_route).refuse();
        }
        self.check_keys(info);
        at + 1
    }

    #[track_caller]
    const fn check_keys(&mut self, info: &'static Info) {
        let mut at = 0;
        while at < info.keys.len() {
            let key = &info.keys[at];
            let slot = self.slot(key.name());
            match &self.slots[slot] {
                None => self.slots[slot] = Some((info, key)),
                Some((_, as_first)) if key.may_be_as(as_first) => {}
                Some((first, as_first)) => Sentence::new()
                    .say("`")
                    .say(info.name())
                    .say("` keeps another type under the session key `")
                    .say(key.name())
                    .say("` than `")
                    .say(first.name())
                    .say("` does (")
                    .say_number(key.size())
                    .say(" bytes against ")
                    .say_number(as_first.size())
                    .say("); give both one type, as with a `Key<T>` constant")
                    .refuse(),
            }
            at += 1;
        }
    }

    /// Where a key stands, or the free place for it: there are more places than keys.
    const fn slot(&self, name: &str) -> usize {
        let mut slot = hash(name) % SLOTS;
        while let Some((_, key)) = &self.slots[slot] {
            if is_same(key.name().as_bytes(), name.as_bytes()) {
                break;
            }
            slot = (slot + 1) % SLOTS;
        }
        slot
    }
}

/// FNV-1a, cut to what an index can be.
const fn hash(name: &str) -> usize {
    let (bytes, mut hash, mut at) = (name.as_bytes(), 0x811c_9dc5_u32, 0);
    while at < bytes.len() {
        hash = (hash ^ bytes[at] as u32).wrapping_mul(0x0100_0193);
        at += 1;
    }
    hash as usize
}

/// The first use of each key in routes that are being put together.
#[derive(Default)]
pub(super) struct Declared(HashMap<&'static str, (Entry, KeyUse)>);

impl Declared {
    /// Takes the keys of a handler in; gives back why it does not fit to those before it, if it does not.
    pub(super) fn add(&mut self, entry: &Entry) -> Option<String> {
        for key in entry.info.keys {
            let (first, as_first) = self
                .0
                .entry(key.name())
                .or_insert_with(|| (entry.clone(), *key));
            if !key.is_as(as_first) {
                return Some(format!(
                    "the session key `{}` is `{}` in {first} and `{}` in {entry}; give both one type, as with a `Key<T>` constant",
                    key.name(),
                    as_first.type_name(),
                    key.type_name(),
                ));
            }
        }
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::gate::{Access, Options};

    const fn handler(text: &'static str, keys: &'static [KeyUse]) -> Info {
        Info::made_up(text, keys, Options::new())
    }

    const INFOS: &[Info] = &[
        handler("r--narrow\0", &[KeyUse::new::<u32>("n", Access::Read)]),
        handler(
            "r--wide\0",
            &[
                KeyUse::new::<String>("other", Access::Read),
                KeyUse::new::<u64>("n", Access::Write),
            ],
        ),
    ];

    fn table() -> KeyTypes<{ key_slots(INFOS) }> {
        KeyTypes::new()
    }

    #[test]
    fn every_key_finds_its_place_in_a_full_table() {
        let mut table = table();
        for key in INFOS.iter().flat_map(|info| info.keys) {
            let slot = table.slot(key.name());
            table.slots[slot] = Some((&INFOS[0], key));
        }
        assert_eq!(table.slots.iter().flatten().count(), 2);
        for name in ["n", "other"] {
            let found = table.slots[table.slot(name)].map(|(_, key)| key.name());
            assert_eq!(found, Some(name));
        }
        assert!(table.slots[table.slot("unknown")].is_none());
    }

    #[test]
    #[should_panic = "`wide` keeps another type under the session key `n` than `narrow` does (8 bytes against 4)"]
    fn a_later_type_of_another_size_is_refused() {
        let mut table = table();
        let next = table.check(INFOS, 0, "no route");
        table.check(INFOS, next, "no route");
    }

    #[test]
    #[should_panic = "`other` has no route"]
    fn a_handler_without_a_route_is_refused() {
        const UNROUTED: &[Info] = &[handler("---other\0", &[])];
        table().check(UNROUTED, 0, "`other` has no route");
    }
}
