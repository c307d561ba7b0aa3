//! A suite: the parts of one command, in the order in which they run.
//!
//! Knows nothing of what a part does: a part is a name, a line of description
//! and a function.

use std::fmt::Write as _;
use std::time::Instant;

use crate::Error;
use crate::report::Report;
use crate::workspace::Workspace;

/// One thing that is checked, and can be run alone or be skipped.
pub(crate) struct Part {
    /// As `--only` and `--skip` take it.
    pub(crate) name: &'static str,
    /// Completes the sentence "this part checks …".
    pub(crate) about: &'static str,
    pub(crate) run: fn(&Workspace) -> Result<(), Error>,
}

/// The parts behind one `cargo xtask` command.
pub(crate) struct Suite {
    pub(crate) command: &'static str,
    pub(crate) parts: &'static [Part],
}

impl Suite {
    /// The part called `name`, or an error that lists the parts there are.
    pub(crate) fn part(&self, name: &str) -> Result<&'static Part, Error> {
        self.parts
            .iter()
            .find(|part| part.name == name)
            .ok_or_else(|| {
                format!(
                    "`cargo xtask {}` has no part `{name}`; its parts are:\n{}",
                    self.command,
                    self.listing()
                )
                .into()
            })
    }

    /// One line a part: its name and what it checks.
    pub(crate) fn listing(&self) -> String {
        let width = self.parts.iter().map(|p| p.name.len()).max().unwrap_or(0);
        let mut text = String::new();
        for part in self.parts {
            let _ = writeln!(text, "  {:width$}  {}", part.name, part.about);
        }
        text
    }

    /// Runs the parts named in `selected`, in the suite's order. The first
    /// failure stops the run; the report is printed either way.
    pub(crate) fn run(&self, selected: &[&str], workspace: &Workspace) -> Result<(), Error> {
        let mut report = Report::default();
        let mut failure = None;
        for part in self.parts {
            if !selected.contains(&part.name) {
                report.skipped(part.name);
                continue;
            }
            if failure.is_some() {
                report.not_reached(part.name);
                continue;
            }
            println!("\n=== {}: {}", part.name, part.about);
            let start = Instant::now();
            match (part.run)(workspace) {
                Ok(()) => report.passed(part.name, start.elapsed()),
                Err(error) => {
                    report.failed(part.name, start.elapsed());
                    failure = Some((part.name, error));
                }
            }
        }
        println!("\n{report}");
        match failure {
            None => Ok(()),
            Some((name, error)) => Err(format!(
                "part `{name}` failed: {error}\n\
                 To run it alone: cargo xtask {} --only {name}",
                self.command
            )
            .into()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SUITE: Suite = Suite {
        command: "test",
        parts: &[
            Part {
                name: "good",
                about: "passes",
                run: |_| Ok(()),
            },
            Part {
                name: "bad",
                about: "fails",
                run: |_| Err("it broke".into()),
            },
            Part {
                name: "unreachable",
                about: "must not run after a failure",
                run: |_| panic!("a part ran after a failed one"),
            },
        ],
    };

    #[test]
    fn the_first_failure_stops_and_says_how_to_run_the_part_alone() {
        let workspace = Workspace::for_test();
        let error = SUITE
            .run(&["good", "bad", "unreachable"], &workspace)
            .unwrap_err();
        assert_eq!(
            error.to_string(),
            "part `bad` failed: it broke\nTo run it alone: cargo xtask test --only bad"
        );
    }

    #[test]
    fn a_part_that_was_not_selected_does_not_run() {
        SUITE.run(&["good"], &Workspace::for_test()).unwrap();
    }

    #[test]
    fn an_unknown_part_is_answered_with_the_parts_there_are() {
        let error = SUITE.part("goood").err().unwrap().to_string();
        assert!(error.contains("no part `goood`"), "{error}");
        assert!(error.contains("  good         passes\n"), "{error}");
    }
}
