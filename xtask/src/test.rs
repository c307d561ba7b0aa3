//! The parts of `cargo xtask test`: what has to pass before a change lands.
//!
//! The cheap parts that fail most often come first, those that need more than
//! Rust last. All parts build into one target folder with one set of compiler
//! flags (`-D warnings` reaches clippy and rustdoc alone), so that nothing is
//! built twice. For the same reason `flask` and `browser` select their test the
//! way plain `cargo test` selects its own: other packages or other features of
//! a dependency would build the tree again.

use crate::suite::{Part, Suite};
use crate::workspace::Workspace;
use crate::{Error, browser, command, features, python, servers};

pub(crate) const SUITE: Suite = Suite {
    command: "test",
    parts: &[
        Part {
            name: "format",
            about: "every file is as rustfmt writes it",
            run: format,
        },
        Part {
            name: "clippy",
            about: "no lint fires, in any target, with every feature",
            run: clippy,
        },
        Part {
            name: "features",
            about: "each crate builds on its own, without features, with each of them and with all",
            run: features::check,
        },
        Part {
            name: "doc",
            about: "the documentation builds, and its links lead somewhere",
            run: doc,
        },
        Part {
            name: "test",
            about: "unit, compile-fail, end-to-end and documentation tests (needs Redis and PostgreSQL)",
            run: test,
        },
        Part {
            name: "bench",
            about: "the benchmarks build, and each contender that needs no server does its work",
            run: bench,
        },
        Part {
            name: "flask",
            about: "a real Flask shares its sessions with us (needs Python)",
            run: flask,
        },
        Part {
            name: "browser",
            about: "a real Chromium keeps and sends our cookies (needs Chromium)",
            run: browser,
        },
    ],
};

/// The benchmark is a workspace of its own, from this one's root.
const BENCH: &str = "bench/Cargo.toml";

/// So is the peer's program in it, which `cargo xtask release-check` builds.
pub(crate) const BENCH_PEER: &str = "bench/stores/peer/Cargo.toml";

fn format(workspace: &Workspace) -> Result<(), Error> {
    command::run(workspace.cargo().args(["fmt", "--all", "--check"]))?;
    for manifest in [BENCH, BENCH_PEER] {
        let mut cargo = workspace.cargo();
        command::run(cargo.args(["fmt", "--all", "--manifest-path", manifest, "--check"]))?;
    }
    Ok(())
}

fn clippy(workspace: &Workspace) -> Result<(), Error> {
    let mut cargo = workspace.cargo();
    cargo.args(["clippy", "--workspace", "--all-targets", "--all-features"]);
    command::run(cargo.args(["--", "-D", "warnings"]))
}

fn doc(workspace: &Workspace) -> Result<(), Error> {
    let mut cargo = workspace.cargo();
    cargo.env("RUSTDOCFLAGS", "-D warnings");
    command::run(cargo.args(["doc", "--workspace", "--no-deps", "--all-features"]))
}

/// What plain `cargo test` leaves out.
const FEATURES: &str = "aide,encrypted,postgres-tls,redis-tls,utoipa";

/// The tests that are others with these features.
const TARGETS: &[&str] = &[
    "aide",
    "config",
    "encrypted",
    "fuzz_corpus",
    "openapi",
    "postgres_tls",
    "redis_tls",
];

fn test(workspace: &Workspace) -> Result<(), Error> {
    servers::find_or_install()?;
    command::run(workspace.cargo().arg("test"))?;
    // The tests of the features, in a second run, since the first is about what everybody has. No package is selected, and
    // so nothing is built again but the library and what the features add.
    let features = ["test", "--features", FEATURES, "--lib"];
    let targets = TARGETS.iter().flat_map(|target| ["--test", target]);
    command::run(workspace.cargo().args(features).args(targets))?;
    let features = ["test", "--features", FEATURES, "--doc"];
    command::run(workspace.cargo().args(features))?;
    // No default members, so that plain `cargo test` is about the library alone.
    let tools = ["test", "--package", "session-cli", "--package", "xtask"];
    command::run(workspace.cargo().args(tools))
}

/// Not its numbers: they say something only on a machine that does nothing else.
fn bench(workspace: &Workspace) -> Result<(), Error> {
    let cargo = |subcommand| {
        let mut cargo = workspace.cargo();
        cargo.args([subcommand, "--locked", "--manifest-path", BENCH]);
        cargo
    };
    command::run(cargo("clippy").args(["--workspace", "--all-targets", "--", "-D", "warnings"]))?;
    command::run(cargo("test").arg("--workspace"))
}

fn flask(workspace: &Workspace) -> Result<(), Error> {
    let python = python::environment(workspace)?;
    let mut cargo = workspace.cargo();
    cargo.args(["test", "--features", "interop"]);
    cargo.args(["--test", "flask", "--test", "flask_differential"]);
    command::run(cargo.env("SESSION_TEST_PYTHON", python))
}

fn browser(workspace: &Workspace) -> Result<(), Error> {
    let browser = browser::find_or_install()?;
    let mut cargo = workspace.cargo();
    cargo.args(["test", "--features", "browser", "--test", "browser"]);
    cargo.env("SESSION_TEST_CHROMIUM", browser.chromium);
    cargo.env("SESSION_TEST_CHROMEDRIVER", browser.driver);
    command::run(&mut cargo)
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::path::Path;

    use super::*;

    /// A test that asks for a feature is without it another one, and passes.
    #[test]
    fn a_test_that_asks_for_a_feature_runs_with_it() {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
        let mut asking = 0;
        for folder in ["tests", "session-runtime/tests"] {
            for entry in fs::read_dir(root.join(folder)).unwrap() {
                let path = entry.unwrap().path();
                let target = path.file_stem().unwrap().to_str().unwrap();
                let is_asking = |feature| {
                    let asked = format!("feature = \"{feature}\"");
                    texts(&path).iter().any(|text| text.contains(&asked))
                };
                if FEATURES.split(',').any(is_asking) {
                    assert!(TARGETS.contains(&target), "{folder}/{target}");
                    asking += 1;
                }
            }
        }
        assert!(asking > 1);
    }

    /// What stands in the file, or in the files of the folder.
    fn texts(path: &Path) -> Vec<String> {
        if path.is_dir() {
            let entries = fs::read_dir(path).unwrap();
            return entries
                .flat_map(|entry| texts(&entry.unwrap().path()))
                .collect();
        }
        fs::read_to_string(path).into_iter().collect()
    }
}
