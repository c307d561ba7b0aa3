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

/// The first use of each key in a list of handlers, as `routes![]` makes it of the list's declarations.
///
/// A hash table, because a list of a thousand handlers is compared here by the compiler's interpreter.
pub struct KeyTypes<const SLOTS: usize> {
    slots: [Option<(&'static Info, &'static KeyUse)>; SLOTS],
}

/// How many slots a table for these handlers needs.
#[must_use]
pub const fn key_slots(infos: &[&'static Info]) -> usize {
    let (mut slots, mut at) = (1, 0);
    while at < infos.len() {
        slots += 2 * infos[at].keys.len();
        at += 1;
    }
    slots
}

impl<const SLOTS: usize> KeyTypes<SLOTS> {
    /// The table of these handlers.
    #[must_use]
    pub const fn of(infos: &[&'static Info]) -> Self {
        let mut table = Self {
            slots: [None; SLOTS],
        };
        let mut handler = 0;
        while handler < infos.len() {
            let info = infos[handler];
            let mut at = 0;
            while at < info.keys.len() {
                let slot = table.slot(info.keys[at].name());
                if table.slots[slot].is_none() {
                    table.slots[slot] = Some((info, &info.keys[at]));
                }
                at += 1;
            }
            handler += 1;
        }
        table
    }

    /// Checks one handler of the list, and gives the place of the next: that it has a route, and one type under each key with
    /// those before it.
    ///
    /// # Panics
    ///
    /// If it has none, or if they have a type of another size or alignment under one key. The compiler shows it as an error.
    #[track_caller]
    pub const fn check(&self, infos: &[&'static Info], at: usize, no_route: &str) -> usize {
        let info = infos[at];
        if info.routes.is_empty() {
            Sentence::new().say(no_route).refuse();
        }
        self.check_keys(info);
        at + 1
    }

    #[track_caller]
    const fn check_keys(&self, info: &Info) {
        let mut at = 0;
        while at < info.keys.len() {
            let key = &info.keys[at];
            if let Some((first, as_first)) = &self.slots[self.slot(key.name())]
                && !key.may_be_as(as_first)
            {
                Sentence::new()
                    .say("`")
                    .say(info.name)
                    .say("` keeps another type under the session key `")
                    .say(key.name())
                    .say("` than `")
                    .say(first.name)
                    .say("` does (")
                    .say_number(key.size())
                    .say(" bytes against ")
                    .say_number(as_first.size())
                    .say("); give both one type, as with a `Key<T>` constant")
                    .refuse();
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

    const fn handler(name: &'static str, keys: &'static [KeyUse]) -> Info {
        Info {
            name,
            module: "m",
            file: "f",
            line: 1,
            routes: &[],
            guards: &[],
            keys,
            public: false,
            csrf_exempt: false,
            options: Options::new(),
        }
    }

    const NARROW: Info = handler("narrow", &[KeyUse::new::<u32>("n", Access::Read)]);
    const WIDE: Info = handler(
        "wide",
        &[
            KeyUse::new::<String>("other", Access::Read),
            KeyUse::new::<u64>("n", Access::Write),
        ],
    );
    const INFOS: &[&Info] = &[&NARROW, &WIDE];
    const TABLE: KeyTypes<{ key_slots(INFOS) }> = KeyTypes::of(INFOS);

    #[test]
    fn every_key_finds_its_place_in_a_full_table() {
        assert_eq!(TABLE.slots.iter().flatten().count(), 2);
        for name in ["n", "other"] {
            let found = TABLE.slots[TABLE.slot(name)].map(|(_, key)| key.name());
            assert_eq!(found, Some(name));
        }
        assert!(TABLE.slots[TABLE.slot("unknown")].is_none());
        TABLE.check_keys(&NARROW);
    }

    #[test]
    #[should_panic = "`wide` keeps another type under the session key `n` than `narrow` does (8 bytes against 4)"]
    fn a_later_type_of_another_size_is_refused() {
        TABLE.check_keys(&WIDE);
    }
}
