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

/// A key, and the text of the handler that was the first to use it.
#[derive(Clone, Copy)]
struct FirstUse {
    text: &'static str,
    key: KeyUse,
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
        let (mut key, mut more) = match C::KEYS {
            Keys::None => return,
            Keys::One(key) => (key, NONE),
            Keys::Many([]) => return,
            Keys::Many([key, more @ ..]) => (*key, more),
            Keys::Unrouted(_) => Sentence::new().say(no_route).refuse(),
        };
        loop {
            let mut slot = key.mark as usize % SLOTS;
            while let Some(first) = &self.slots[slot]
                && first.key.mark != key.mark
            {
                slot = (slot + 1) % SLOTS;
            }
            match &self.slots[slot] {
                Some(first) => {
                    if first.key.value.size != key.value.size
                        || first.key.value.align != key.value.align
                    {
                        first.refuse::<C>(&key);
                    }
                }
                // One place stays free, where a search ends.
                None => {
                    if self.used + 1 < SLOTS {
                        self.remember::<C>(slot, key);
                    }
                }
            }
            let [next, behind @ ..] = more else {
                return;
            };
            if is_among(&key, more) {
                bound_twice::<C>(&key);
            }
            (key, more) = (*next, behind);
        }
    }

    /// By itself, as a constant that a function names is asked for whenever it is called.
    const fn remember<C: Contract>(&mut self, slot: usize, key: KeyUse) {
        self.slots[slot] = Some(FirstUse { text: C::TEXT, key });
        self.used += 1;
    }
}

const NONE: &[KeyUse] = &[];

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
            .say_number(self.key.value.size)
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

    fn names<const SLOTS: usize>(table: &KeyTypes<SLOTS>) -> Vec<&'static str> {
        let mut names: Vec<_> = table
            .slots
            .iter()
            .flatten()
            .map(|first| first.key.name())
            .collect();
        names.sort_unstable();
        names
    }

    #[test]
    fn every_key_finds_its_place_and_keeps_it() {
        let mut table = KeyTypes::<7>::new();
        for _ in 0..2 {
            table.check::<Many>("no route");
            assert_eq!(names(&table), ["", "a", "bb", "cxc", "czc"]);
        }
    }

    #[test]
    fn a_full_table_takes_no_more_keys_and_still_ends_a_search() {
        let mut table = KeyTypes::<3>::new();
        table.check::<Many>("no route");
        assert_eq!(names(&table), ["a", "bb"]);
    }

    #[test]
    #[should_panic = "two parameters of `twice` bind the session key `b`"]
    fn a_key_that_is_bound_twice_is_refused() {
        KeyTypes::<8>::new().check::<Twice>("no route");
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
