//! The parts of a measurement, each with a section of its own in what is written.

use std::str::FromStr;

use crate::contender::named;

/// One of them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Part {
    Load,
    Distant,
    Parallel,
    RoundTrips,
    Logout,
    Outage,
}

impl Part {
    pub(crate) const ALL: [Self; 6] = [
        Self::Load,
        Self::Distant,
        Self::Parallel,
        Self::RoundTrips,
        Self::Logout,
        Self::Outage,
    ];

    /// As the option takes it.
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::Load => "load",
            Self::Distant => "distant",
            Self::Parallel => "parallel",
            Self::RoundTrips => "round-trips",
            Self::Logout => "logout",
            Self::Outage => "outage",
        }
    }
}

impl FromStr for Part {
    type Err = String;

    fn from_str(name: &str) -> Result<Self, String> {
        named(&Self::ALL, Self::name, name)
    }
}
