//! The parts of `cargo xtask release-check`: what has to pass before a release.
//!
//! They need tools of their own and a nightly toolchain, which is why they are
//! no part of `cargo xtask test`.

use crate::suite::{Part, Suite};
use crate::test::BENCH_PEER;
use crate::workspace::Workspace;
use crate::{Error, command, oldest, public_api, tools};

pub(crate) const SUITE: Suite = Suite {
    command: "release-check",
    parts: &[
        Part {
            name: "deny",
            about: "licences, banned crates and sources are as deny.toml says",
            run: deny,
        },
        Part {
            name: "advisories",
            about: "what is known against our dependencies (reported, never a failure)",
            run: advisories,
        },
        Part {
            name: "public-api",
            about: "the public API names no foreign type beyond a list",
            run: public_api::check,
        },
        Part {
            name: "oldest-rust",
            about: "the workspace builds with the rust-version that it states",
            run: oldest::rust,
        },
        Part {
            name: "oldest-dependencies",
            about: "the crates build with the oldest dependencies that they accept",
            run: oldest::dependencies,
        },
        Part {
            name: "bench-peer",
            about: "what the stores are measured beside builds",
            run: bench_peer,
        },
        Part {
            name: "publish",
            about: "each crate can be packaged, and the package builds",
            run: publish,
        },
    ],
};

fn deny(workspace: &Workspace) -> Result<(), Error> {
    let mut cargo = tools::CARGO_DENY.install(workspace)?;
    cargo.args(["--all-features", "check", "licenses", "bans", "sources"]);
    command::run(&mut cargo)
}

/// An advisory is judged by a person: it may concern code that we never call,
/// and it appears on a day of its own choosing.
fn advisories(workspace: &Workspace) -> Result<(), Error> {
    let mut cargo = tools::CARGO_DENY.install(workspace)?;
    cargo.args(["--all-features", "check", "advisories"]);
    if let Err(error) = command::run(&mut cargo) {
        println!("note: {error}; read what stands above before releasing");
    }
    Ok(())
}

/// It brings two drivers of databases of its own, which would cost every change a minute.
fn bench_peer(workspace: &Workspace) -> Result<(), Error> {
    let mut cargo = workspace.cargo();
    cargo.args(["clippy", "--locked", "--manifest-path", BENCH_PEER]);
    command::run(cargo.args(["--", "-D", "warnings"]))
}

fn publish(workspace: &Workspace) -> Result<(), Error> {
    // A new folder each time: to cargo a package of the same version is the same package, and it would take what it built of
    // an earlier one.
    let target = workspace.target.join("publish");
    if target.exists() {
        std::fs::remove_dir_all(&target)?;
    }
    let mut cargo = workspace.cargo();
    cargo.env("CARGO_TARGET_DIR", target);
    command::run(cargo.args(["publish", "--workspace", "--dry-run"]))
}
