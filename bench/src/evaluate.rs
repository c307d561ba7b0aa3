//! What the samples mean: the distance of each contender from its base line, and how that compares to the reference. It
//! must not know where the samples come from, or what is done with the rows.

use crate::contenders::{Contender, Role};
use crate::statistics::{interquartile_range, median};

/// What was measured of one contender.
pub(crate) struct Samples {
    pub(crate) contender: &'static Contender,
    /// For each request: a list a work, a number a round.
    pub(crate) nanoseconds: Vec<Vec<f64>>,
    /// For each request: a number a work.
    pub(crate) allocations: Vec<f64>,
}

/// One contender's numbers, a cell a work.
pub(crate) struct Row {
    pub(crate) contender: &'static Contender,
    pub(crate) cells: Vec<Cell>,
}

/// One contender's numbers for one work; medians over the rounds.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Cell {
    /// In itself, in nanoseconds.
    pub(crate) whole: f64,
    /// Above the base line, in nanoseconds.
    pub(crate) above: f64,
    /// The same, in parts of what the empty layer and the hand-written handler are above theirs, together.
    pub(crate) ratio: f64,
    /// How far the middle half of the ratios reaches.
    pub(crate) spread: f64,
    /// Allocations above the base line.
    pub(crate) allocations: f64,
}

/// A row for each of `all`.
///
/// # Panics
///
/// If somebody's base line or half of the reference is not among them.
pub(crate) fn evaluate(all: &[Samples]) -> Vec<Row> {
    let rows = all.iter().map(|samples| Row {
        contender: samples.contender,
        cells: (0..samples.nanoseconds.len())
            .map(|column| cell(all, samples, column))
            .collect(),
    });
    rows.collect()
}

fn cell(all: &[Samples], samples: &Samples, column: usize) -> Cell {
    let above = above(all, samples, column);
    let ratios = above.iter().zip(reference(all, column));
    let ratios: Vec<f64> = ratios.map(|(above, reference)| above / reference).collect();
    let base_allocations = base_line(all, samples).allocations[column];
    Cell {
        whole: median(&samples.nanoseconds[column]),
        above: median(&above),
        ratio: median(&ratios),
        spread: interquartile_range(&ratios),
        allocations: samples.allocations[column] - base_allocations,
    }
}

/// In each round, how many nanoseconds the contender takes more than its base line.
fn above(all: &[Samples], samples: &Samples, column: usize) -> Vec<f64> {
    let base = &base_line(all, samples).nanoseconds[column];
    let whole = &samples.nanoseconds[column];
    whole
        .iter()
        .zip(base)
        .map(|(whole, base)| whole - base)
        .collect()
}

/// In each round, what the two halves of the reference take more than theirs, together.
fn reference(all: &[Samples], column: usize) -> Vec<f64> {
    let half = |role| {
        let half = all.iter().find(|samples| samples.contender.role == role);
        above(all, half.expect("the reference is always measured"), column)
    };
    let layer = half(Role::EmptyLayer);
    let work = half(Role::HandWritten);
    layer
        .iter()
        .zip(work)
        .map(|(layer, work)| layer + work)
        .collect()
}

fn base_line<'a>(all: &'a [Samples], samples: &Samples) -> &'a Samples {
    let id = samples.contender.base_line;
    let found = all.iter().find(|samples| samples.contender.id == id);
    found.expect("a base line is measured with whom it is for")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn samples(id: &'static str, role: Role, nanoseconds: [f64; 3], allocations: f64) -> Samples {
        let contender = Contender {
            id,
            name: id,
            role,
            base_line: "base",
            app: || unreachable!("its samples are here"),
        };
        Samples {
            contender: Box::leak(Box::new(contender)),
            nanoseconds: vec![nanoseconds.to_vec()],
            allocations: vec![allocations],
        }
    }

    #[test]
    fn each_round_is_compared_within_itself() {
        // The machine takes twice as long in the second round, and ten times in the third.
        let rows = evaluate(&[
            samples("base", Role::BaseLine, [100.0, 200.0, 1_000.0], 5.0),
            samples("layer", Role::EmptyLayer, [120.0, 240.0, 1_200.0], 6.0),
            samples("hand", Role::HandWritten, [180.0, 360.0, 1_800.0], 7.0),
            samples("ours", Role::ThisProject, [225.0, 450.0, 2_250.0], 9.0),
        ]);
        let cells: Vec<Cell> = rows.iter().map(|row| row.cells[0]).collect();
        assert_eq!(
            cells[3],
            Cell {
                whole: 450.0,
                above: 250.0,
                ratio: 1.25,
                spread: 0.0,
                allocations: 4.0,
            }
        );
        assert_eq!(cells[1].ratio + cells[2].ratio, 1.0);
        assert_eq!(cells[0].above, 0.0);
    }
}
