//! Whether each published crate builds on its own, whatever features are
//! chosen, and so do the examples.
//!
//! Built together, the crates of a workspace lend each other the features of
//! their dependencies, and tests lend more. Built alone, as a user's build does
//! it, a crate has only what its own manifest asks for.

use crate::workspace::Workspace;
use crate::{Error, command};

const CRATES: [&str; 3] = ["session-cli", "session-macros", "session-runtime"];

/// The root package.
const EXAMPLES: &str = "session-workspace";

/// Up to this many features every combination is checked; that is sixteen.
const POWERSET_LIMIT: usize = 4;

/// Checks each crate with each of its combinations.
pub(crate) fn check(workspace: &Workspace) -> Result<(), Error> {
    for package in CRATES {
        for combination in combinations(&workspace.features(package)?) {
            let mut cargo = workspace.cargo();
            cargo.args(["clippy", "--package", package, "--no-default-features"]);
            if !combination.is_empty() {
                cargo.arg("--features").arg(combination.join(","));
            }
            command::run(cargo.args(["--", "-D", "warnings"]))?;
        }
    }
    // No user has them, but the command that a contract's test prints names their package alone.
    let mut cargo = workspace.cargo();
    cargo.args(["clippy", "--package", EXAMPLES, "--no-default-features"]);
    command::run(cargo.args(["--examples", "--", "-D", "warnings"]))
}

/// All combinations of a few features; of many, none, each alone, and all.
fn combinations(features: &[String]) -> Vec<Vec<&str>> {
    let names = features.iter().map(String::as_str);
    if features.len() > POWERSET_LIMIT {
        let mut sets = vec![vec![]];
        sets.extend(names.clone().map(|name| vec![name]));
        sets.push(names.collect());
        return sets;
    }
    let mut sets = vec![vec![]];
    for name in names {
        let with_it: Vec<Vec<_>> = sets
            .iter()
            .map(|set| [set.as_slice(), &[name]].concat())
            .collect();
        sets.extend(with_it);
    }
    sets
}

#[cfg(test)]
mod tests {
    use super::*;

    fn features(names: &[&str]) -> Vec<String> {
        names.iter().map(|&name| name.to_owned()).collect()
    }

    #[test]
    fn a_crate_without_features_is_still_checked_once() {
        assert_eq!(combinations(&[]), [Vec::<&str>::new()]);
    }

    #[test]
    fn of_a_few_features_every_combination_is_checked() {
        let features = features(&["flask", "redis"]);
        let expected: [&[&str]; 4] = [&[], &["flask"], &["redis"], &["flask", "redis"]];
        assert_eq!(combinations(&features), expected);
    }

    #[test]
    fn of_many_features_none_each_and_all_are_checked() {
        let features = features(&["a", "b", "c", "d", "e"]);
        let sets = combinations(&features);
        assert_eq!(sets.len(), 7);
        assert_eq!(sets[0], Vec::<&str>::new());
        assert_eq!(sets[3], ["c"]);
        assert_eq!(sets[6], ["a", "b", "c", "d", "e"]);
    }
}
