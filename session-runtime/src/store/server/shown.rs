//! The `Debug` text of what a store is asked and what it answers. What is in a session is nobody's business but the
//! application's, and whoever writes a store traces its questions: they show the names of values, and no value.

use std::fmt;

use super::protocol::{Commit, Loaded, NewSession, Taken};

/// The names alone.
struct Names<'v, T>(&'v [(String, T)]);

impl<T> fmt::Debug for Names<'_, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let names = self.0.iter().map(|(name, _)| name);
        f.debug_list().entries(names).finish()
    }
}

impl fmt::Debug for NewSession {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            id,
            secret,
            values,
            user,
            label,
            life,
            now,
        } = self;
        f.debug_struct("NewSession")
            .field("id", id)
            .field("secret", secret)
            .field("values", &Names(values))
            .field("user", user)
            .field("label", label)
            .field("life", life)
            .field("now", now)
            .finish()
    }
}

impl fmt::Debug for Loaded {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            values,
            record,
            touched,
        } = self;
        f.debug_struct("Loaded")
            .field("values", &Names(values))
            .field("record", record)
            .field("touched", touched)
            .finish()
    }
}

impl fmt::Debug for Taken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Values(values) => f.debug_tuple("Values").field(&Names(values)).finish(),
            Self::Gone => f.write_str("Gone"),
            Self::Superseded => f.write_str("Superseded"),
        }
    }
}

impl fmt::Debug for Commit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            id,
            generation,
            lease,
            expected,
            clear,
            set,
            remove,
            user,
            label,
            renewal,
            life,
            ends_with_only,
            grace,
            now,
        } = self;
        f.debug_struct("Commit")
            .field("id", id)
            .field("generation", generation)
            .field("lease", lease)
            .field("expected", &Names(expected))
            .field("clear", clear)
            .field("set", &Names(set))
            .field("remove", remove)
            .field("user", user)
            .field("label", label)
            .field("renewal", renewal)
            .field("life", life)
            .field("ends_with_only", ends_with_only)
            .field("grace", grace)
            .field("now", now)
            .finish()
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;
    use crate::store::{Life, Opened, Record, SecretHash, SessionId};

    #[test]
    fn what_a_store_is_asked_and_answers_shows_names_and_no_value_and_no_secret() {
        let id = SessionId::from_bytes([7; 16]);
        let secret = SecretHash::from_bytes(*b"hunter2 hunter2 hunter2 hunter2 ");
        let values = || vec![("theme".to_owned(), "\"hunter2\"".to_owned())];
        let new = NewSession {
            id,
            secret,
            values: values(),
            user: None,
            label: None,
            life: Life {
                idle: 60,
                ends_at: None,
            },
            now: 0,
        };
        let record = Record {
            id,
            generation: 0,
            user: None,
            label: None,
            created_at: 0,
            touched_at: 0,
            expires_at: 60,
        };
        let alive = Opened::Alive(Loaded {
            values: values(),
            record,
            touched: false,
        });
        let commit = Commit {
            expected: vec![("theme".to_owned(), Some("hunter2".to_owned()))],
            set: values(),
            ..Commit::new(id, 0, Duration::ZERO, 0)
        };
        let taken = Taken::Values(values());
        for text in [
            format!("{new:?}"),
            format!("{alive:?}"),
            format!("{commit:?}"),
            format!("{taken:?}"),
        ] {
            assert!(text.contains(r#"["theme"]"#), "{text}");
            assert!(!text.contains("hunter2"), "{text}");
        }
    }
}
