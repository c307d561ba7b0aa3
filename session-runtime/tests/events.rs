//! The table of events in the crate's documentation is what the sources log, and at the levels that it says.

#![allow(clippy::unwrap_used, reason = "a test panics")]

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

type Events = BTreeMap<String, BTreeSet<String>>;

#[test]
fn every_event_is_in_the_table_of_events_with_its_levels() {
    let logged = logged(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src"));
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

/// The events in the folder's sources: `tracing::warn!(name: "session.…`.
fn logged(folder: &Path) -> Events {
    let mut events = Events::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            for (name, levels) in logged(&path) {
                events.entry(name).or_default().extend(levels);
            }
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            let source = fs::read_to_string(&path).unwrap();
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
    }
    events
}
