//! How long a session lives, as one field of it says it: six numbers, so that a session that holds little is read quickly. Knows
//! no connection; `lua/session.lua` reads and writes the same text, and `lua/apply.lua` reads it.

use std::fmt;

/// What the field `life` says. Times are Unix seconds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct KeptLife {
    pub(super) generation: u64,
    pub(super) created_at: u64,
    pub(super) touched_at: u64,
    pub(super) expires_at: u64,
    /// In seconds.
    pub(super) idle: u64,
    pub(super) ends_at: Option<u64>,
}

impl KeptLife {
    pub(super) fn read(text: &str) -> Option<Self> {
        let mut numbers = text.split(' ');
        let mut number = || numbers.next()?.parse().ok();
        let life = Self {
            generation: number()?,
            created_at: number()?,
            touched_at: number()?,
            expires_at: number()?,
            idle: number()?,
            ends_at: None,
        };
        let ends_at = match numbers.next()? {
            "-" => None,
            end => Some(end.parse().ok()?),
        };
        numbers.next().is_none().then_some(Self { ends_at, ..life })
    }
}

impl fmt::Display for KeptLife {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            generation,
            created_at,
            touched_at,
            expires_at,
            idle,
            ends_at,
        } = self;
        write!(
            f,
            "{generation} {created_at} {touched_at} {expires_at} {idle} "
        )?;
        match ends_at {
            Some(end) => write!(f, "{end}"),
            None => f.write_str("-"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_kept_of_a_life_is_read_again() {
        let life = KeptLife {
            generation: 1,
            created_at: 2,
            touched_at: 3,
            expires_at: 4,
            idle: 5,
            ends_at: None,
        };
        assert_eq!(life.to_string(), "1 2 3 4 5 -");
        let ends = KeptLife {
            ends_at: Some(6),
            ..life
        };
        for life in [life, ends] {
            assert_eq!(KeptLife::read(&life.to_string()), Some(life));
        }
    }

    #[test]
    fn a_text_of_other_than_six_numbers_is_no_life() {
        for text in [
            "",
            "1",
            "1 2 3 4 5",
            "1 2 3 4 5 6 7",
            "1 2 3 4 - 6",
            "1 2 3 4 5 x",
            "1  2 3 4 5 6",
        ] {
            assert_eq!(KeptLife::read(text), None, "{text:?}");
        }
    }
}
