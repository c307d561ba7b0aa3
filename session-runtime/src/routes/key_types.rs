//! Whether all routes agree on the type that a session key has.
//!
//! Two handlers that keep values of different types under one key throw each other's values away. In one `routes![]` the
//! compiler finds it, where the types differ in size or alignment: more of a type is not known in a constant. The rest is
//! found when the routes are put together. This sees what parameters declare; what a handler does through its `Session` it
//! cannot see.

use std::collections::HashMap;

use super::sentence::Sentence;
use super::table::Entry;
use crate::gate::{Contract, KeyUse, Keys, name};
use crate::session::is_same;

/// The first use of each key in a list of handlers, filled while `routes![]` checks one handler after the other.
///
/// A hash table, because a list of a thousand handlers is compared here by the compiler's interpreter, for which each step is
/// thousands, and each call tens of thousands: so nothing is called that need not be, the table has room for many keys from the
/// start, and where that is used up, further keys are left to the program's start.
pub struct KeyTypes<const SLOTS: usize> {
    slots: [Option<FirstUse>; SLOTS],
    used: usize,
}

/// A key that some handler was the first to use.
#[derive(Clone, Copy)]
struct FirstUse {
    /// See [`KeyUse::mark`].
    mark: u64,
    size: usize,
    align: usize,
    /// The handler's.
    text: &'static str,
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
    pub const fn check<C: Contract>(&mut self) {
        match C::KEYS {
            Keys::None => {}
            Keys::One(key) => {
                // Most keys are at once found to be as before, and nothing is called.
                if let Some(first) = &self.slots[key.mark as usize % SLOTS]
                    && first.mark == key.mark
                    && first.size == key.value.size
                    && first.align == key.value.align
                {
                    return;
                }
                self.check_key::<C>(&key);
            }
            Keys::Many(mut keys) => {
                while let [key, more @ ..] = keys {
                    if is_among(key, more) {
                        bound_twice::<C>(key);
                    }
                    self.check_key::<C>(key);
                    keys = more;
                }
            }
            Keys::Unrouted(_) => has_no_route::<C>(),
        }
    }

    #[track_caller]
    const fn check_key<C: Contract>(&mut self, key: &KeyUse) {
        let mut slot = key.mark as usize % SLOTS;
        while let Some(first) = &self.slots[slot] {
            if first.mark == key.mark {
                if first.size != key.value.size || first.align != key.value.align {
                    first.refuse::<C>(key);
                }
                return;
            }
            slot = (slot + 1) % SLOTS;
        }
        // One place stays free, where a search ends.
        if self.used + 1 < SLOTS {
            self.slots[slot] = Some(FirstUse {
                mark: key.mark,
                size: key.value.size,
                align: key.value.align,
                text: C::TEXT,
            });
            self.used += 1;
        }
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
const fn has_no_route<C: Contract>() -> ! {
    Sentence::new()
        .say("`")
        .say(name(C::TEXT))
        .say("` has no route; put `#[get(\"/path\")]` on it")
        .refuse()
}

#[track_caller]
const fn bound_twice<C: Contract>(key: &KeyUse) -> ! {
    Sentence::new()
        .say("two parameters of `")
        .say(name(C::TEXT))
        .say("` bind the session key `")
        .say(key.name())
        .say("`; bind each key once")
        .refuse()
}

impl FirstUse {
    /// Refuses a later use of the key, by another handler.
    #[track_caller]
    const fn refuse<C: Contract>(&self, key: &KeyUse) -> ! {
        Sentence::new()
            .say("`")
            .say(name(C::TEXT))
            .say("` keeps another type under the session key `")
            .say(key.name())
            .say("` than `")
            .say(name(self.text))
            .say("` does (")
            .say_number(key.value.size)
            .say(" bytes against ")
            .say_number(self.size)
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
    use std::collections::HashSet;

    use super::*;
    use crate::gate::{Arity0, Open, ReadValue, mark, reads};

    macro_rules! handlers {
        ($($handler:ident $text:literal $keys:expr;)*) => {$(
            struct $handler;

            impl Contract for $handler {
                const TEXT: &'static str = $text;
                const KEYS: Keys = $keys;
                type Front = (Open, Arity0);
            }
        )*};
    }

    const fn read<T: ReadValue + 'static>(name: &'static str) -> KeyUse {
        reads::<T>(name, mark(name))
    }

    handlers! {
        Narrow "r---narrow\0" Keys::One(read::<u32>("n"));
        Wide "r---wide\0" Keys::Many(&[read::<String>("other"), read::<u64>("n")]);
        Many "r---many\0" Keys::Many(&[read::<u8>("a"), read::<u8>("bb"), read::<u8>("cxc"), read::<u8>("czc"), read::<u8>("")]);
        Twice "r---twice\0" Keys::Many(&[read::<u8>("a"), read::<u8>("b"), read::<u8>("b")]);
        Unrouted "----other\0" Keys::Unrouted(&[]);
    }

    fn marks<const SLOTS: usize>(table: &KeyTypes<SLOTS>) -> HashSet<u64> {
        table
            .slots
            .iter()
            .flatten()
            .map(|first| first.mark)
            .collect()
    }

    #[test]
    fn every_key_finds_its_place_and_keeps_it() {
        let mut table = KeyTypes::<7>::new();
        for _ in 0..2 {
            table.check::<Many>();
            assert_eq!(
                marks(&table),
                ["", "a", "bb", "cxc", "czc"].map(mark).into()
            );
        }
    }

    #[test]
    fn a_full_table_takes_no_more_keys_and_still_ends_a_search() {
        let mut table = KeyTypes::<3>::new();
        table.check::<Many>();
        assert_eq!(marks(&table), ["a", "bb"].map(mark).into());
    }

    #[test]
    #[should_panic = "two parameters of `twice` bind the session key `b`"]
    fn a_key_that_is_bound_twice_is_refused() {
        KeyTypes::<8>::new().check::<Twice>();
    }

    #[test]
    #[should_panic = "`wide` keeps another type under the session key `n` than `narrow` does (8 bytes against 4)"]
    fn a_later_type_of_another_size_is_refused() {
        let mut table = KeyTypes::<8>::new();
        table.check::<Narrow>();
        table.check::<Wide>();
    }

    #[test]
    #[should_panic = "`other` has no route; put `#[get(\"/path\")]` on it"]
    fn a_handler_without_a_route_is_refused() {
        KeyTypes::<8>::new().check::<Unrouted>();
    }
}
