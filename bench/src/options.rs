//! The command line.

use std::ffi::{OsStr, OsString};
use std::path::PathBuf;

use lexopt::{Arg, Parser, ValueExt as _};

use crate::Error;
use crate::contenders::{ALL, Contender, Role};
use crate::work::Work;

pub(crate) const USAGE: &str = "\
Measures what a request with a session costs, beside what others charge for the same work.

Usage: cargo run --release --manifest-path bench/Cargo.toml -- [OPTIONS]

  --only WORK[,…]        measure these columns alone
  --contenders ID[,…]    measure these alone, with what they are compared with
  --rounds N             how often each is measured (200)
  --processes N          in how many processes, one after the other (20); 1 for a profiler
  --seed N               the order in the rounds, as printed by another run
  --write [FILE]         write the tables as Markdown, by default to bench/RESULTS.md
  --list                 say which columns and contenders there are";

/// Where the tables go that the documentation shows.
const RESULTS: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/RESULTS.md");

/// What the command line asks for.
pub(crate) enum Command {
    Measure(Options),
    /// Measures for another process, which has the others' parts too.
    Part(Options),
    List,
    Help,
}

/// What is measured, and how often.
pub(crate) struct Options {
    pub(crate) work: Vec<Work>,
    pub(crate) contenders: Vec<&'static Contender>,
    pub(crate) rounds: usize,
    pub(crate) processes: usize,
    pub(crate) seed: u64,
    pub(crate) write: Option<PathBuf>,
}

impl Command {
    pub(crate) fn parse(mut arguments: Parser) -> Result<Self, Error> {
        let mut work = Work::ALL.to_vec();
        let mut chosen: Option<Vec<String>> = None;
        let (mut rounds, mut processes, mut is_part) = (200, 20, false);
        let mut seed = fastrand::u64(..);
        let mut write = None;
        while let Some(argument) = arguments.next()? {
            match argument {
                Arg::Long("only") => {
                    let only = list(&mut arguments)?;
                    let only: Vec<Work> = only
                        .iter()
                        .map(|name| name.parse())
                        .collect::<Result<_, _>>()?;
                    work.retain(|work| only.contains(work));
                }
                Arg::Long("contenders") => chosen = Some(list(&mut arguments)?),
                Arg::Long("rounds") => rounds = arguments.value()?.parse()?,
                Arg::Long("processes") => processes = arguments.value()?.parse()?,
                Arg::Long("part") => is_part = true,
                Arg::Long("seed") => seed = arguments.value()?.parse()?,
                Arg::Long("write") => {
                    let file = optional(&mut arguments)?;
                    write = Some(file.map_or_else(|| RESULTS.into(), PathBuf::from));
                }
                Arg::Long("list") => return Ok(Self::List),
                Arg::Long("help") | Arg::Short('h') => return Ok(Self::Help),
                other => return Err(format!("{}\n\n{USAGE}", other.unexpected()).into()),
            }
        }
        if rounds == 0 || processes == 0 {
            return Err("--rounds and --processes must be at least 1".into());
        }
        let options = Options {
            work,
            contenders: contenders(chosen.as_deref())?,
            rounds,
            // A process without a round has nothing to tell.
            processes: processes.min(rounds),
            seed,
            write,
        };
        Ok(if is_part {
            Self::Part(options)
        } else {
            Self::Measure(options)
        })
    }
}

impl Options {
    /// How many of the rounds one process does.
    pub(crate) fn rounds_in(&self, process: usize) -> usize {
        let more = self.rounds % self.processes;
        self.rounds / self.processes + usize::from(process < more)
    }
}

/// The names that the options take.
pub(crate) fn listing() -> String {
    let works = Work::ALL.map(Work::name).join("\n  ");
    let contenders: Vec<String> = ALL
        .iter()
        .map(|contender| format!("{:28}{}", contender.id, contender.name))
        .collect();
    format!(
        "work:\n  {works}\ncontenders:\n  {}",
        contenders.join("\n  ")
    )
}

/// What stands behind an option, divided at its commas.
fn list(arguments: &mut Parser) -> Result<Vec<String>, Error> {
    let value = arguments.value()?.string()?;
    Ok(value.split(',').map(str::to_owned).collect())
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

/// Those chosen, and those without whom no ratio can be made.
fn contenders(chosen: Option<&[String]>) -> Result<Vec<&'static Contender>, Error> {
    let Some(chosen) = chosen else {
        return Ok(ALL.iter().collect());
    };
    for id in chosen {
        if !ALL.iter().any(|contender| contender.id == id) {
            let ids: Vec<_> = ALL.iter().map(|contender| contender.id).collect();
            return Err(
                format!("there is no contender `{id}`; there is {}", ids.join(", ")).into(),
            );
        }
    }
    let is_chosen = |contender: &Contender| chosen.iter().any(|id| id == contender.id);
    let is_reference =
        |contender: &Contender| matches!(contender.role, Role::EmptyLayer | Role::HandWritten);
    let mut wanted: Vec<_> = ALL
        .iter()
        .filter(|contender| is_chosen(contender) || is_reference(contender))
        .collect();
    let base_lines: Vec<_> = wanted.iter().map(|contender| contender.base_line).collect();
    let missing = ALL.iter().filter(|contender| {
        base_lines.contains(&contender.id) && !wanted.iter().any(|other| other.id == contender.id)
    });
    let missing: Vec<_> = missing.collect();
    wanted.splice(..0, missing);
    Ok(wanted)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(line: &str) -> Result<Command, Error> {
        Command::parse(Parser::from_args(line.split_whitespace()))
    }

    fn options(line: &str) -> Options {
        match parse(line).unwrap() {
            Command::Measure(options) => options,
            _ => panic!("{line} measures nothing"),
        }
    }

    #[test]
    fn without_options_everything_is_measured_and_nothing_written() {
        let options = options("");
        assert_eq!(options.work, Work::ALL);
        assert_eq!(options.contenders.len(), ALL.len());
        assert_eq!(options.write, None);
    }

    #[test]
    fn who_is_chosen_comes_with_base_line_and_reference() {
        let options = options("--contenders session-runtime --only login,read-big");
        let ids: Vec<_> = options
            .contenders
            .iter()
            .map(|contender| contender.id)
            .collect();
        assert_eq!(
            ids,
            ["axum", "empty-layer", "hand-written", "session-runtime"]
        );
        assert_eq!(options.work, [Work::Login, Work::ReadBig]);
    }

    #[test]
    fn every_round_is_in_one_process_and_none_is_idle() {
        for line in ["", "--rounds 7 --processes 3", "--rounds 2 --processes 9"] {
            let options = options(line);
            let rounds: Vec<usize> = (0..options.processes)
                .map(|process| options.rounds_in(process))
                .collect();
            assert_eq!(rounds.iter().sum::<usize>(), options.rounds);
            assert!(!rounds.contains(&0), "{rounds:?}");
        }
    }

    #[test]
    fn what_is_written_goes_beside_the_benchmark_or_where_it_is_told() {
        assert_eq!(options("--write").write, Some(RESULTS.into()));
        assert_eq!(options("--write --rounds 9").write, Some(RESULTS.into()));
        assert_eq!(
            options("--write table.md --rounds 9").write,
            Some("table.md".into())
        );
        assert_eq!(options("--write=table.md").write, Some("table.md".into()));
    }

    #[test]
    fn a_name_that_does_not_exist_is_answered_with_those_that_do() {
        for line in [
            "--only reed-small",
            "--contenders sesion",
            "--round 5",
            "--rounds 0",
            "--processes 0",
        ] {
            assert!(parse(line).is_err(), "{line}");
        }
        let error = parse("--only reed-small").err().unwrap().to_string();
        assert!(
            error.contains("no work `reed-small`; there is untouched, read-small"),
            "{error}"
        );
    }
}
