//! The numbers as Markdown, and how this project stands to its goals. It must not know how they were measured.

use std::fmt::Write as _;

use crate::contenders::Role;
use crate::evaluate::{Cell, Row};
use crate::work::Work;

/// The most that a column may be, in parts of the reference.
const RATIO_GOAL: f64 = 1.25;

const RATIOS: &str = "\
CPU time above the same application without sessions, in parts of the reference: of what the empty layer and the
hand-written handler take together. Medians over the rounds.";

const NANOSECONDS: &str = "The same in nanoseconds a request.";

const ALLOCATIONS: &str = "Allocations a request above the same application without sessions.";

const BASE_LINES: &str = "The applications without sessions, in nanoseconds a request.";

const GOALS: &str = "\
The goals of session-runtime: at most 1.25 times the reference; below every peer that keeps the session in the cookie;
at most 4 allocations where the session is not touched, 7 where it is read, 10 where it is changed.";

const SPREAD: &str = "\
How far the middle half of the ratios reaches, in parts of their median. Much of it means that the machine was busy.";

/// All tables, each behind a sentence that says what its numbers are.
pub(crate) fn markdown(work: &[Work], rows: &[Row]) -> String {
    let with_sessions = || rows.iter().filter(|row| !is_base_line(row));
    let ratio = |cell: &Cell| format!("{:.2}", cell.ratio);
    let above = |cell: &Cell| format!("{:.0}", cell.above);
    let whole = |cell: &Cell| format!("{:.0}", cell.whole);
    // What is left of one is a store's table that grows now and then.
    let allocations = |cell: &Cell| format!("{:.0}", cell.allocations);

    let mut tables = vec![
        (RATIOS, numbers(with_sessions(), ratio)),
        (NANOSECONDS, numbers(with_sessions(), above)),
        (ALLOCATIONS, numbers(with_sessions(), allocations)),
    ];
    let base_lines = rows.iter().filter(|row| is_base_line(row));
    tables.push((BASE_LINES, numbers(base_lines, whole)));
    tables.extend(goals(work, rows).map(|lines| (GOALS, lines)));

    tables.extend(spread(rows).map(|line| (SPREAD, vec![line])));

    let tables: Vec<String> = tables
        .into_iter()
        .map(|(about, lines)| format!("{about}\n\n{}", table(work, &lines)))
        .collect();
    tables.join("\n")
}

/// A row's name and what stands in its cells.
type Line = (&'static str, Vec<String>);

fn is_base_line(row: &Row) -> bool {
    row.contender.role == Role::BaseLine
}

fn numbers<'a>(rows: impl Iterator<Item = &'a Row>, number: impl Fn(&Cell) -> String) -> Vec<Line> {
    rows.map(|row| {
        let cells = row.cells.iter().map(&number).collect();
        (row.contender.name, cells)
    })
    .collect()
}

/// Whether each goal is reached, where this project was measured.
fn goals(work: &[Work], rows: &[Row]) -> Option<Vec<Line>> {
    let ours = ours(rows)?;
    let cells = || ours.cells.iter().enumerate();
    let said = |is_reached: bool| if is_reached { "yes" } else { "**no**" }.to_owned();

    let ratios = cells().map(|(_, cell)| said(cell.ratio <= RATIO_GOAL));
    let mut lines = vec![("at most 1.25", ratios.collect())];
    let peers = || {
        let is_peer = |row: &&Row| row.contender.role == Role::CookiePeer;
        rows.iter().filter(is_peer)
    };
    if peers().next().is_some() {
        let below = cells()
            .map(|(column, cell)| said(peers().all(|peer| cell.above < peer.cells[column].above)));
        lines.push(("below the peers", below.collect()));
    }
    let allocations = cells().map(|(column, cell)| {
        let most = work[column].allocation_goal();
        said(cell.allocations.round() <= most)
    });
    lines.push(("allocations", allocations.collect()));
    Some(lines)
}

/// How sure the ratios of this project are, where it was measured.
fn spread(rows: &[Row]) -> Option<Line> {
    let ours = ours(rows)?;
    let part = |cell: &Cell| format!("{:.0} %", cell.spread / cell.ratio * 100.0);
    Some((ours.contender.name, ours.cells.iter().map(part).collect()))
}

fn ours(rows: &[Row]) -> Option<&Row> {
    let is_ours = |row: &&Row| row.contender.role == Role::ThisProject;
    rows.iter().find(is_ours)
}

fn table(work: &[Work], lines: &[Line]) -> String {
    let mut text = "| |".to_owned();
    for work in work {
        let _ = write!(text, " {work} |");
    }
    text.push_str("\n| --- |");
    text.push_str(&" ---: |".repeat(work.len()));
    text.push('\n');
    for (name, cells) in lines {
        let _ = writeln!(text, "| {name} | {} |", cells.join(" | "));
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::contenders::Contender;

    fn row(role: Role, above: f64, ratio: f64, allocations: f64) -> Row {
        let contender = Contender {
            id: "id",
            name: "the name",
            role,
            base_line: "id",
            app: || unreachable!("a table calls nobody"),
        };
        let cell = Cell {
            whole: 1_000.0 + above,
            above,
            ratio,
            spread: ratio / 10.0,
            allocations,
        };
        Row {
            contender: Box::leak(Box::new(contender)),
            cells: vec![cell],
        }
    }

    fn tables(rows: Vec<Row>) -> String {
        markdown(&[Work::ReadSmall], &rows)
    }

    #[test]
    fn a_base_line_stands_in_a_table_of_its_own() {
        let text = tables(vec![
            row(Role::BaseLine, 0.0, 0.0, 0.0),
            row(Role::ThisProject, 700.4, 1.254, 7.02),
        ]);
        assert!(
            text.contains("| | read small |\n| --- | ---: |\n"),
            "{text}"
        );
        assert!(text.contains("\n| the name | 1000 |\n"), "{text}");
        assert!(text.contains("\n| the name | 10 % |\n"), "{text}");
        for cell in ["1.25", "700", "7"] {
            let line = format!("\n| the name | {cell} |\n");
            assert!(text.contains(&line), "{text}");
        }
    }

    #[test]
    fn a_goal_is_missed_by_any_amount() {
        let text = tables(vec![row(Role::ThisProject, 700.0, 1.25, 7.0)]);
        assert!(text.contains("| at most 1.25 | yes |"), "{text}");
        assert!(text.contains("| allocations | yes |"), "{text}");
        assert!(!text.contains("| below the peers |"), "{text}");

        let text = tables(vec![
            row(Role::ThisProject, 700.0, 1.251, 8.0),
            row(Role::CookiePeer, 700.0, 1.251, 20.0),
        ]);
        assert!(text.contains("| at most 1.25 | **no** |"), "{text}");
        assert!(text.contains("| below the peers | **no** |"), "{text}");
        assert!(text.contains("| allocations | **no** |"), "{text}");
    }
}
