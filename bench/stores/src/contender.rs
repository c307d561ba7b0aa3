//! Who is measured: a library with each of its stores. It knows neither how a store's server is started nor what is measured.

use std::fmt;
use std::str::FromStr;

/// Whose sessions an application has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Library {
    ThisProject,
    TowerSessions,
}

impl Library {
    pub(crate) const ALL: [Self; 2] = [Self::ThisProject, Self::TowerSessions];

    /// As the option takes it.
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::ThisProject => "session-runtime",
            Self::TowerSessions => "tower-sessions",
        }
    }
}

/// Where sessions are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Store {
    Memory,
    Sqlite,
    Redis,
    Postgres,
}

impl Store {
    pub(crate) const ALL: [Self; 4] = [Self::Memory, Self::Sqlite, Self::Redis, Self::Postgres];

    /// As the option takes it.
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::Memory => "memory",
            Self::Sqlite => "sqlite",
            Self::Redis => "redis",
            Self::Postgres => "postgres",
        }
    }

    /// Whether it is a process of its own.
    pub(crate) const fn has_server(self) -> bool {
        matches!(self, Self::Redis | Self::Postgres)
    }

    /// As the tables call it.
    pub(crate) const fn title(self) -> &'static str {
        match self {
            Self::Memory => "memory",
            Self::Sqlite => "SQLite",
            Self::Redis => "Redis",
            Self::Postgres => "PostgreSQL",
        }
    }
}

impl fmt::Display for Store {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.title())
    }
}

impl fmt::Display for Library {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl FromStr for Store {
    type Err = String;

    fn from_str(name: &str) -> Result<Self, String> {
        named(&Self::ALL, Self::name, name)
    }
}

impl FromStr for Library {
    type Err = String;

    fn from_str(name: &str) -> Result<Self, String> {
        named(&Self::ALL, Self::name, name)
    }
}

/// The one of this name, or a sentence with the names that there are.
pub(crate) fn named<T: Copy>(
    all: &[T],
    name_of: impl Fn(T) -> &'static str,
    name: &str,
) -> Result<T, String> {
    all.iter()
        .copied()
        .find(|one| name_of(*one) == name)
        .ok_or_else(|| {
            let names: Vec<_> = all.iter().map(|one| name_of(*one)).collect();
            format!("there is no `{name}`; there is {}", names.join(", "))
        })
}
