//! The table as aligned text.

use std::fmt;

use super::type_name::short;
use super::{Route, RouteTable};

/// What still reads well in a terminal beside an editor, and in a code block of a page.
const WIDTH: usize = 100;
const GAP: &str = "  ";
const HEAD: [&str; 7] = [
    "METHOD", "PATH", "HANDLER", "GUARDS", "SESSION", "OPTIONS", "PLACE",
];

impl fmt::Display for RouteTable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // The place is the last column.
        let columns = HEAD.len() - usize::from(!f.alternate());
        let rows: Vec<Vec<Cell>> = std::iter::once(HEAD.map(Cell::of).into())
            .chain(self.routes().map(|route| cells(&route)))
            .map(|mut row: Vec<_>| {
                row.truncate(columns);
                row
            })
            .collect();
        let width = |widths: &[usize]| widths.iter().sum::<usize>() + (columns - 1) * GAP.len();
        let mut widths = widths(&rows, columns, Cell::width_in_one_line);
        let broken = width(&widths) > WIDTH;
        if broken {
            widths = self::widths(&rows, columns, Cell::width_in_lines);
        }
        let mut lines = rows.iter().flat_map(|row| {
            if broken {
                in_lines(row)
            } else {
                vec![row.iter().map(Cell::in_one_line).collect()]
            }
        });
        lines.try_fold("", |separator, line| {
            f.write_str(separator)?;
            f.write_str(aligned(&line, &widths).trim_end())?;
            Ok("\n")
        })?;
        Ok(())
    }
}

/// A list, mostly of one.
struct Cell(Vec<String>);

impl Cell {
    fn of(text: impl Into<String>) -> Self {
        Self(vec![text.into()])
    }

    /// A dash where there is nothing, so that the eye keeps the column.
    fn list(items: impl IntoIterator<Item = String>) -> Self {
        let items: Vec<_> = items.into_iter().filter(|item| !item.is_empty()).collect();
        if items.is_empty() {
            Self::of("-")
        } else {
            Self(items)
        }
    }

    fn in_one_line(&self) -> String {
        self.0.join(", ")
    }

    fn width_in_one_line(&self) -> usize {
        self.in_one_line().chars().count()
    }

    fn width_in_lines(&self) -> usize {
        let widths = self.0.iter().map(|item| item.chars().count());
        widths.max().unwrap_or(0)
    }
}

fn cells(route: &Route) -> Vec<Cell> {
    let public = route.is_public().then(|| "public".to_owned());
    let exempt = route.is_csrf_exempt().then(|| "csrf_exempt".to_owned());
    let keys = route
        .keys()
        .iter()
        .map(|key| format!("{key}: {}", short(key.type_name())))
        .chain(route.takes_session().then(|| "Session".to_owned()));
    let (file, line) = route.place();
    vec![
        Cell::of(route.method()),
        Cell::of(route.path()),
        Cell::of(route.handler()),
        Cell::list(public.into_iter().chain(route.guards())),
        Cell::list(keys),
        Cell::list(route.options().split(", ").map(str::to_owned).chain(exempt)),
        Cell::of(format!("{} {file}:{line}", route.module())),
    ]
}

fn widths(rows: &[Vec<Cell>], columns: usize, width: fn(&Cell) -> usize) -> Vec<usize> {
    let widest = |column| rows.iter().map(|row| width(&row[column])).max();
    (0..columns)
        .map(|column| widest(column).unwrap_or(0))
        .collect()
}

/// One item of each list a line.
fn in_lines(row: &[Cell]) -> Vec<Vec<String>> {
    let height = row.iter().map(|cell| cell.0.len()).max().unwrap_or(0);
    let line = |at| {
        row.iter()
            .map(move |cell| cell.0.get(at).cloned().unwrap_or_default())
    };
    (0..height).map(|at| line(at).collect()).collect()
}

fn aligned(line: &[String], widths: &[usize]) -> String {
    let padded = line
        .iter()
        .zip(widths)
        .map(|(cell, width)| format!("{cell:width$}"));
    padded.collect::<Vec<_>>().join(GAP)
}
