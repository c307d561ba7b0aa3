//! What the documentation says beside what its examples run: the events that are logged, and no key that somebody could copy.

#![allow(clippy::unwrap_used, reason = "a test panics")]

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use session_runtime::signing::SecretKey;

type Events = BTreeMap<String, BTreeSet<String>>;

#[test]
fn every_event_is_in_the_table_of_events_with_its_levels() {
    let logged = logged();
    assert!(logged.len() > 20, "{logged:?}");
    assert_eq!(documented(), logged);
}

fn documented() -> Events {
    include_str!("../src/lib.rs")
        .lines()
        .filter_map(|line| line.strip_prefix("//! | `session."))
        .flat_map(|row| {
            let mut cells = row.split(" | ");
            let (names, levels) = (cells.next().unwrap(), cells.next().unwrap());
            let levels: BTreeSet<_> = levels.split(", ").map(str::to_owned).collect();
            let names = names.trim_end_matches('`').split("`, `");
            names.map(move |name| {
                (
                    name.trim_start_matches("session.").to_owned(),
                    levels.clone(),
                )
            })
        })
        .collect()
}

/// The events in the sources: `tracing::warn!(name: "session.…`.
fn logged() -> Events {
    let mut events = Events::new();
    for source in texts(&root().join("session-runtime/src")) {
        for call in source.split("tracing::").skip(1) {
            let Some((level, rest)) = call.split_once("!(") else {
                continue;
            };
            if let Some(rest) = rest.trim_start().strip_prefix("name: \"session.") {
                let name = rest.split('"').next().unwrap();
                let levels = events.entry(name.to_owned()).or_default();
                levels.insert(level.to_owned());
            }
        }
    }
    events
}

/// A key that stands in documentation is soon everybody's: Flask's own, and that of many a tutorial, sign sessions to this day.
#[test]
fn no_key_that_would_be_accepted_stands_in_the_documentation() {
    let is_doc = |line: &&str| line.trim_start().starts_with("//");
    let sources = texts(&root().join("session-runtime/src"));
    let docs = sources.iter().flat_map(|text| text.lines().filter(is_doc));
    let pages = ["README.md", "session-cli/README.md"].map(|page| root().join(page));
    let pages: String = pages.iter().flat_map(|page| texts(page)).collect();
    let examples = texts(&root().join("examples")).concat();
    let shown = docs.chain(pages.lines()).chain(examples.lines());
    let accepted: Vec<_> = shown
        .flat_map(|line| line.split(|c: char| !c.is_ascii_hexdigit()))
        .filter(|word| word.len() >= 32 && SecretKey::new(*word).is_ok())
        .collect();
    assert_eq!(accepted, Vec::<&str>::new());
}

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

/// What stands in the file, or in the sources and pages of the folder.
fn texts(path: &Path) -> Vec<String> {
    if path.is_dir() {
        let entries = fs::read_dir(path).unwrap();
        return entries
            .flat_map(|entry| texts(&entry.unwrap().path()))
            .collect();
    }
    let is_read = path.extension().is_some_and(|it| it == "rs" || it == "md");
    is_read
        .then(|| fs::read_to_string(path).unwrap())
        .into_iter()
        .collect()
}
