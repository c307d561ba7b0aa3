//! The command line.

use std::ffi::{OsStr, OsString};
use std::path::PathBuf;
use std::time::Duration;

use lexopt::{Arg, Parser, ValueExt as _};

use crate::Error;
use crate::contender::{Library, Store};
use crate::part::Part;

pub(crate) const USAGE: &str = "\
Measures sessions in a store, beside tower-sessions with its own stores, over HTTP.

Usage: cargo run --release --manifest-path bench/stores/Cargo.toml -- [OPTIONS]

  --only PART[,…]        measure these parts alone: load, distant, parallel, round-trips,
                         logout, outage
  --stores STORE[,…]     with these stores alone: memory, sqlite, redis, postgres
  --libraries ID[,…]     these alone: session-runtime, tower-sessions
  --rounds N             how often the load of each is measured (7)
  --slice MS             for how long each time, in milliseconds (800)
  --connections N        how many visitors ask at the same time (16)
  --seed N               the order in the rounds, as printed by another run
  --sessions N           measure stores that hold so many sessions, and nothing else
  --write [FILE]         write the tables as Markdown, by default to bench/STORES.md";

/// Where the tables go that the documentation shows.
const RESULTS: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../STORES.md");

/// What is measured, and how often.
pub(crate) struct Options {
    pub(crate) parts: Vec<Part>,
    pub(crate) stores: Vec<Store>,
    pub(crate) libraries: Vec<Library>,
    pub(crate) rounds: usize,
    pub(crate) slice: Duration,
    pub(crate) connections: usize,
    pub(crate) seed: u64,
    pub(crate) sessions: Option<u32>,
    pub(crate) write: Option<PathBuf>,
}

impl Options {
    /// What the command line asks for; nothing where it asks for help.
    pub(crate) fn parse(mut arguments: Parser) -> Result<Option<Self>, Error> {
        let mut options = Self {
            parts: Part::ALL.to_vec(),
            stores: Store::ALL.to_vec(),
            libraries: Library::ALL.to_vec(),
            rounds: 7,
            slice: Duration::from_millis(800),
            connections: 16,
            seed: fastrand::u64(..),
            sessions: None,
            write: None,
        };
        while let Some(argument) = arguments.next()? {
            match argument {
                Arg::Long("only") => options.parts = list(&mut arguments)?,
                Arg::Long("stores") => options.stores = list(&mut arguments)?,
                Arg::Long("libraries") => options.libraries = list(&mut arguments)?,
                Arg::Long("rounds") => options.rounds = at_least_one(&mut arguments, "--rounds")?,
                Arg::Long("slice") => {
                    let slice = at_least_one(&mut arguments, "--slice")?;
                    options.slice = Duration::from_millis(slice as u64);
                }
                Arg::Long("connections") => {
                    options.connections = at_least_one(&mut arguments, "--connections")?;
                }
                Arg::Long("seed") => options.seed = arguments.value()?.parse()?,
                Arg::Long("sessions") => options.sessions = Some(arguments.value()?.parse()?),
                Arg::Long("write") => {
                    let file = optional(&mut arguments)?;
                    options.write = Some(file.map_or_else(|| RESULTS.into(), PathBuf::from));
                }
                Arg::Long("help") | Arg::Short('h') => return Ok(None),
                other => return Err(format!("{}\n\n{USAGE}", other.unexpected()).into()),
            }
        }
        Ok(Some(options))
    }
}

/// What stands behind an option, divided at its commas.
fn list<T: std::str::FromStr<Err = String>>(arguments: &mut Parser) -> Result<Vec<T>, Error> {
    let value = arguments.value()?.string()?;
    Ok(value.split(',').map(str::parse).collect::<Result<_, _>>()?)
}

fn at_least_one(arguments: &mut Parser, name: &str) -> Result<usize, Error> {
    match arguments.value()?.parse()? {
        0 => Err(format!("{name} must be at least 1").into()),
        number => Ok(number),
    }
}

/// What stands behind an option, unless that is the next option.
fn optional(arguments: &mut Parser) -> Result<Option<OsString>, Error> {
    if let Some(value) = arguments.optional_value() {
        return Ok(Some(value));
    }
    let is_value = |next: &OsStr| !next.as_encoded_bytes().starts_with(b"-");
    Ok(arguments
        .try_raw_args()
        .and_then(|mut raw| raw.next_if(is_value)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(line: &str) -> Result<Option<Options>, Error> {
        Options::parse(Parser::from_args(line.split_whitespace()))
    }

    #[test]
    fn without_options_everything_but_many_sessions_is_measured_and_nothing_written() {
        let options = parse("").unwrap().unwrap();
        assert_eq!(options.parts, Part::ALL);
        assert_eq!(options.stores, Store::ALL);
        assert_eq!(options.libraries, Library::ALL);
        assert_eq!(options.sessions, None);
        assert_eq!(options.write, None);
    }

    #[test]
    fn what_is_chosen_is_measured_alone() {
        let options = parse("--stores redis,memory --only load --libraries tower-sessions");
        let options = options.unwrap().unwrap();
        assert_eq!(options.stores, [Store::Redis, Store::Memory]);
        assert_eq!(options.parts, [Part::Load]);
        assert_eq!(options.libraries, [Library::TowerSessions]);
    }

    #[test]
    fn a_name_that_does_not_exist_is_answered_with_those_that_do() {
        for line in [
            "--only lode",
            "--stores mysql",
            "--libraries x",
            "--rounds 0",
            "--round 1",
        ] {
            assert!(parse(line).is_err(), "{line}");
        }
        let error = parse("--stores mysql").err().unwrap().to_string();
        assert_eq!(
            error,
            "there is no `mysql`; there is memory, sqlite, redis, postgres"
        );
    }
}
