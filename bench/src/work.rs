//! The work that is measured: what each contender's routes must do, in the order of the table's columns. It must not know
//! how anything is answered.

use std::fmt;
use std::str::FromStr;

/// One column of the table.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Work {
    /// A route that does not look at the session.
    Untouched,
    /// Reads one key of a small session.
    ReadSmall,
    /// Reads and changes one key of a small session.
    ChangeSmall,
    /// Reads one key where the cookie has been altered.
    Tampered,
    /// Sets one key where there was no session.
    Login,
    /// Reads one key of a big session.
    ReadBig,
    /// Reads and changes one key of a big session.
    ChangeBig,
}

impl Work {
    pub(crate) const ALL: [Self; 7] = [
        Self::Untouched,
        Self::ReadSmall,
        Self::ChangeSmall,
        Self::Tampered,
        Self::Login,
        Self::ReadBig,
        Self::ChangeBig,
    ];

    /// As `--only` takes it.
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::Untouched => "untouched",
            Self::ReadSmall => "read-small",
            Self::ChangeSmall => "change-small",
            Self::Tampered => "tampered",
            Self::Login => "login",
            Self::ReadBig => "read-big",
            Self::ChangeBig => "change-big",
        }
    }

    /// How many allocations this project allows itself.
    pub(crate) const fn allocation_goal(self) -> f64 {
        match self {
            Self::Untouched => 4.0,
            Self::ReadSmall | Self::ReadBig | Self::Tampered => 7.0,
            Self::ChangeSmall | Self::ChangeBig | Self::Login => 10.0,
        }
    }
}

impl fmt::Display for Work {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.name().replace('-', " "))
    }
}

impl FromStr for Work {
    type Err = String;

    fn from_str(name: &str) -> Result<Self, String> {
        let found = Self::ALL.into_iter().find(|work| work.name() == name);
        found.ok_or_else(|| {
            let names = Self::ALL.map(Self::name).join(", ");
            format!("there is no work `{name}`; there is {names}")
        })
    }
}
