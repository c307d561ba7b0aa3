//! The table at the end of a run: how each part went and how long it took.

use std::fmt;
use std::time::Duration;

/// How the parts went, in the order in which they stand in their suite.
#[derive(Default)]
pub(crate) struct Report {
    rows: Vec<(&'static str, Outcome)>,
}

enum Outcome {
    Passed(Duration),
    Failed(Duration),
    Skipped,
    NotReached,
}

impl Report {
    pub(crate) fn passed(&mut self, part: &'static str, took: Duration) {
        self.rows.push((part, Outcome::Passed(took)));
    }

    pub(crate) fn failed(&mut self, part: &'static str, took: Duration) {
        self.rows.push((part, Outcome::Failed(took)));
    }

    /// The part was not asked for.
    pub(crate) fn skipped(&mut self, part: &'static str) {
        self.rows.push((part, Outcome::Skipped));
    }

    /// The part was asked for, but an earlier one failed.
    pub(crate) fn not_reached(&mut self, part: &'static str) {
        self.rows.push((part, Outcome::NotReached));
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let width = self.rows.iter().map(|(part, _)| part.len()).max();
        let width = width.unwrap_or(0).max("total".len());
        let mut total = Duration::ZERO;
        for (part, outcome) in &self.rows {
            match outcome {
                Outcome::Passed(took) | Outcome::Failed(took) => {
                    total += *took;
                    writeln!(f, "{part:width$}  {outcome:11}  {:>8}", clock(*took))?;
                }
                Outcome::Skipped | Outcome::NotReached => writeln!(f, "{part:width$}  {outcome}")?,
            }
        }
        write!(f, "{:width$}  {:11}  {:>8}", "total", "", clock(total))
    }
}

impl fmt::Display for Outcome {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::Passed(_) => "passed",
            Self::Failed(_) => "FAILED",
            Self::Skipped => "skipped",
            Self::NotReached => "not reached",
        })
    }
}

/// Minutes and seconds, with a tenth where there are no minutes.
fn clock(took: Duration) -> String {
    let tenths = took.as_millis() / 100;
    let (minutes, seconds) = (tenths / 600, tenths % 600 / 10);
    if minutes == 0 {
        format!("{seconds}.{} s", tenths % 10)
    } else {
        format!("{minutes}m {seconds:02}s")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_skipped_part_is_never_shown_as_passed() {
        let mut report = Report::default();
        report.passed("format", Duration::from_millis(840));
        report.skipped("clippy");
        report.failed("test", Duration::from_secs(61));
        report.not_reached("browser");
        assert_eq!(
            report.to_string(),
            "format   passed          0.8 s\n\
             clippy   skipped\n\
             test     FAILED         1m 01s\n\
             browser  not reached\n\
             total                   1m 01s"
        );
    }

    #[test]
    fn times_are_told_in_the_unit_that_reads_best() {
        assert_eq!(clock(Duration::from_millis(0)), "0.0 s");
        assert_eq!(clock(Duration::from_millis(59_999)), "59.9 s");
        assert_eq!(clock(Duration::from_secs(60)), "1m 00s");
        assert_eq!(clock(Duration::from_secs(754)), "12m 34s");
    }
}
