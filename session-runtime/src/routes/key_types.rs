//! Whether all routes agree on the type that a session key has.
//!
//! Two handlers that keep values of different types under one key throw each other's values away. In one `routes![]` the
//! compiler finds it, where the types differ in size or alignment: more of a type is not known in a constant. The rest is
//! found when the routes are put together. This sees what parameters declare; what a handler does through its `Session` it
//! cannot see.

use std::collections::HashMap;

use super::sentence::Sentence;
use super::table::Entry;
use crate::gate::{Contract, KeyUse, is_routed, name};
use crate::session::is_same;

/// The first use of each key in a list of handlers, filled while `routes![]` checks one handler after the other.
///
/// A hash table, because a list of a thousand handlers is compared here by the compiler's interpreter, for which each step is
/// thousands, and each call tens of thousands: so few are called, the table has room for many keys from the start, and where that is
/// used up, further keys are left to the program's start.
pub struct KeyTypes<const SLOTS: usize> {
    slots: [Option<FirstUse>; SLOTS],
    used: usize,
}

/// A key, and the text of the handler that was the first to use it.
#[derive(Clone, Copy)]
struct FirstUse {
    text: &'static str,
    name: &'static [u8],
    key: &'static KeyUse,
}

impl<const SLOTS: usize> KeyTypes<SLOTS> {
    /// A table without keys.
    #[must_use]
    #[expect(clippy::new_without_default, reason = "a constant calls it")]
    pub const fn new() -> Self {
        Self {
            slots: [None; SLOTS],
            used: 0,
        }
    }

    /// Checks one handler of the list: that it has a route, that it binds each key once, and one type under each key with those
    /// before it.
    ///
    /// # Panics
    ///
    /// If it has none, binds one twice, or if they have a type of another size or alignment under one key. The compiler shows it
    /// as an error.
    #[track_caller]
    pub const fn check<C: Contract>(&mut self, no_route: &str) {
        if !is_routed(C::TEXT) {
            Sentence::new().say(no_route).refuse();
        }
        let mut keys = C::KEYS;
        while let [key, more @ ..] = keys {
            if is_among(key, more) {
                bound_twice(C::TEXT, key);
            }
            self.check_key(C::TEXT, key);
            keys = more;
        }
    }

    #[track_caller]
    const fn check_key(&mut self, text: &'static str, key: &'static KeyUse) {
        let name = key.name.as_bytes();
        let slot = self.slot(name);
        match &self.slots[slot] {
            // One place stays free, where a search ends.
            None if self.used + 1 < SLOTS => {
                self.slots[slot] = Some(FirstUse { text, name, key });
                self.used += 1;
            }
            Some(first) if !key.may_be_as(first.key) => first.refuse(text, key),
            _ => {}
        }
    }

    /// Where a key stands, or the free place for it.
    ///
    /// Where it begins to look is told by a few letters only: where two names have the same, they are compared anyway.
    const fn slot(&self, name: &[u8]) -> usize {
        let mut slot = match name {
            [] => 0,
            [one] => *one as usize,
            [first, .., last] => {
                let middle = name[name.len() / 2];
                name.len() + 7 * *first as usize + 31 * *last as usize + 127 * middle as usize
            }
        } % SLOTS;
        while let Some(first) = &self.slots[slot] {
            if is_same(first.name, name) {
                break;
            }
            slot = (slot + 1) % SLOTS;
        }
        slot
    }
}

/// Whether one of these has the same name. Keys in quotes are compared by the macro; what a constant is called is known here.
const fn is_among(key: &KeyUse, mut others: &[KeyUse]) -> bool {
    while let [other, more @ ..] = others {
        if is_same(other.name.as_bytes(), key.name.as_bytes()) {
            return true;
        }
        others = more;
    }
    false
}

#[track_caller]
const fn bound_twice(text: &'static str, key: &KeyUse) -> ! {
    Sentence::new()
        .say("two parameters of `")
        .say(name(text))
        .say("` bind the session key `")
        .say(key.name())
        .say("`; bind each key once")
        .refuse()
}

impl FirstUse {
    /// Refuses a later use of the key, by the handler with this text.
    #[track_caller]
    const fn refuse(&self, text: &'static str, key: &KeyUse) -> ! {
        Sentence::new()
            .say("`")
            .say(name(text))
            .say("` keeps another type under the session key `")
            .say(key.name())
            .say("` than `")
            .say(name(self.text))
            .say("` does (")
            .say_number(key.size())
            .say(" bytes against ")
            .say_number(self.key.size())
            .say("); give both one type, as with a `Key<T>` constant")
            .refuse()
    }
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
    use crate::gate::{Arity0, Open, reads, writes};

    macro_rules! handlers {
        ($($handler:ident $text:literal $($key:expr),*;)*) => {$(
            struct $handler;

            impl Contract for $handler {
                const TEXT: &'static str = $text;
                const KEYS: &'static [KeyUse] = &[$($key),*];
                type Front = (Open, Arity0);
            }
        )*};
    }

    handlers! {
        Narrow "r--narrow\0" reads::<u32>("n");
        Wide "r--wide\0" reads::<String>("other"), writes::<u64>("n");
        Many "r--many\0" reads::<u8>("a"), reads::<u8>("bb"), reads::<u8>("cxc"), reads::<u8>("czc"), reads::<u8>("");
        Unrouted "---other\0";
    }

    fn found<const SLOTS: usize>(table: &KeyTypes<SLOTS>, name: &str) -> Option<&'static str> {
        table.slots[table.slot(name.as_bytes())].map(|first| first.key.name())
    }

    #[test]
    fn every_key_finds_its_place() {
        let mut table = KeyTypes::<7>::new();
        table.check::<Many>("no route");
        for name in ["a", "bb", "cxc", "czc", ""] {
            assert_eq!(found(&table, name), Some(name));
        }
        assert_eq!(found(&table, "cyc"), None);
    }

    #[test]
    fn a_full_table_takes_no_more_keys_and_still_ends_a_search() {
        let mut table = KeyTypes::<3>::new();
        table.check::<Many>("no route");
        assert_eq!(table.slots.iter().flatten().count(), 2);
        assert_eq!(found(&table, "czc"), None);
    }

    #[test]
    #[should_panic = "`wide` keeps another type under the session key `n` than `narrow` does (8 bytes against 4)"]
    fn a_later_type_of_another_size_is_refused() {
        let mut table = KeyTypes::<8>::new();
        table.check::<Narrow>("no route");
        table.check::<Wide>("no route");
    }

    #[test]
    #[should_panic = "`other` has no route"]
    fn a_handler_without_a_route_is_refused() {
        KeyTypes::<8>::new().check::<Unrouted>("`other` has no route");
    }
}
