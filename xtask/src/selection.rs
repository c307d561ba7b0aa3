//! Which parts of a suite to run: `--only`, `--skip` and `--list`.

use crate::Error;
use crate::suite::Suite;

/// What the options of a command ask for.
#[derive(Debug, PartialEq)]
pub(crate) enum Selection {
    /// Run the parts of these names.
    Run(Vec<&'static str>),
    /// Only say which parts there are.
    List,
}

impl Selection {
    /// Reads the options behind the command. Part names may be separated by
    /// commas, and `--only` and `--skip` may be repeated, but not mixed.
    pub(crate) fn parse(options: &[String], suite: &Suite) -> Result<Self, Error> {
        let mut only = Vec::new();
        let mut skip = Vec::new();
        let mut options = options.iter();
        while let Some(option) = options.next() {
            let (name, inline) = match option.split_once('=') {
                Some((name, value)) => (name, Some(value)),
                None => (option.as_str(), None),
            };
            let chosen = match name {
                "--list" if inline.is_none() => return Ok(Self::List),
                "--only" => &mut only,
                "--skip" => &mut skip,
                _ => {
                    return Err(format!(
                        "there is no option `{option}`; use --list, --only PART or --skip PART"
                    )
                    .into());
                }
            };
            let Some(value) = inline.or_else(|| options.next().map(String::as_str)) else {
                return Err(missing_part(name, suite));
            };
            for part in value.split(',') {
                if part.is_empty() {
                    return Err(missing_part(name, suite));
                }
                chosen.push(suite.part(part)?.name);
            }
        }
        Self::from_lists(&only, &skip, suite)
    }

    fn from_lists(only: &[&str], skip: &[&str], suite: &Suite) -> Result<Self, Error> {
        if !only.is_empty() && !skip.is_empty() {
            return Err(
                "--only and --skip say the same thing in two ways; give one of them".into(),
            );
        }
        let parts: Vec<_> = suite
            .parts
            .iter()
            .map(|part| part.name)
            .filter(|name| only.is_empty() || only.contains(name))
            .filter(|name| !skip.contains(name))
            .collect();
        if parts.is_empty() {
            return Err("every part is skipped, so nothing would be checked".into());
        }
        Ok(Self::Run(parts))
    }
}

fn missing_part(option: &str, suite: &Suite) -> Error {
    format!(
        "{option} wants the name of a part; the parts are:\n{}",
        suite.listing()
    )
    .into()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::suite::Part;

    const SUITE: Suite = Suite {
        command: "test",
        parts: &[part("format"), part("clippy"), part("test")],
    };

    const fn part(name: &'static str) -> Part {
        Part {
            name,
            about: "is checked",
            run: |_| Ok(()),
        }
    }

    fn parse(line: &str) -> Result<Selection, String> {
        let options: Vec<_> = line.split_whitespace().map(str::to_owned).collect();
        Selection::parse(&options, &SUITE).map_err(|error| error.to_string())
    }

    #[test]
    fn without_options_every_part_runs() {
        assert_eq!(
            parse(""),
            Ok(Selection::Run(vec!["format", "clippy", "test"]))
        );
    }

    #[test]
    fn skip_takes_commas_repetition_and_an_equals_sign() {
        let rest = Ok(Selection::Run(vec!["clippy"]));
        assert_eq!(parse("--skip format,test"), rest);
        assert_eq!(parse("--skip format --skip test"), rest);
        assert_eq!(parse("--skip=format,test"), rest);
    }

    #[test]
    fn only_keeps_the_order_of_the_suite() {
        assert_eq!(
            parse("--only test,format"),
            Ok(Selection::Run(vec!["format", "test"]))
        );
    }

    #[test]
    fn list_wins_over_what_stands_behind_it() {
        assert_eq!(parse("--list --skip test"), Ok(Selection::List));
    }

    #[test]
    fn an_unknown_part_is_an_error_that_lists_the_parts() {
        let error = parse("--skip browser").unwrap_err();
        assert!(error.contains("no part `browser`"), "{error}");
        assert!(error.contains("clippy"), "{error}");
    }

    #[test]
    fn an_option_without_its_part_is_an_error_that_lists_the_parts() {
        for line in ["--only", "--skip format --skip", "--skip=", "--only test,"] {
            let error = parse(line).unwrap_err();
            assert!(
                error.contains("wants the name of a part"),
                "{line}: {error}"
            );
            assert!(error.contains("clippy"), "{line}: {error}");
        }
    }

    #[test]
    fn an_unknown_option_is_an_error() {
        for line in ["--quick", "format", "--list=yes"] {
            let error = parse(line).unwrap_err();
            assert!(error.contains("there is no option"), "{line}: {error}");
        }
    }

    #[test]
    fn only_and_skip_together_are_an_error() {
        let error = parse("--only test --skip clippy").unwrap_err();
        assert!(error.contains("give one of them"), "{error}");
    }

    #[test]
    fn skipping_everything_is_an_error() {
        let error = parse("--skip format,clippy,test").unwrap_err();
        assert!(error.contains("nothing would be checked"), "{error}");
    }
}
