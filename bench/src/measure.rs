//! Rounds: in each, every contender does every work once, in another order. What is compared was measured within
//! one round, so that a machine that gets slower in between slows both.

use std::io::{IsTerminal as _, stderr};

use crate::app::App;
use crate::contenders::{Contender, Role};
use crate::options::Options;
use crate::proof::{Visits, prove};
use crate::work::Work;
use crate::{Error, statistics};

/// Requests of one measurement: enough that reading the clock is nothing beside them.
const BATCH: usize = 64;

/// What was measured, as numbers for the tables.
pub(crate) struct Measured {
    pub(crate) work: Vec<Work>,
    pub(crate) rows: Vec<Row>,
}

/// One contender's numbers, one a column.
pub(crate) struct Row {
    pub(crate) contender: &'static Contender,
    pub(crate) cells: Vec<Cell>,
}

/// One contender's numbers for one work; medians over the rounds.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(crate) struct Cell {
    /// In itself, in nanoseconds.
    pub(crate) whole: f64,
    /// Above the base line, in nanoseconds.
    pub(crate) above: f64,
    /// Above the base line, in parts of what the hand-written handler and the empty layer are together above theirs.
    pub(crate) ratio: f64,
    /// Half of the ratios are no further apart than this.
    pub(crate) spread: f64,
    /// Allocations above the base line.
    pub(crate) allocations: f64,
}

struct Entrant {
    contender: &'static Contender,
    app: Box<dyn App>,
    visits: Visits,
    /// Nanoseconds, a list a work, a number a round.
    samples: Vec<Vec<f64>>,
}

/// Lets every contender prove itself, and measures them all.
///
/// # Errors
///
/// If a contender does not do its work, before anything is measured.
pub(crate) fn measure(options: &Options) -> Result<Measured, Error> {
    let mut entrants = Vec::new();
    for &contender in &options.contenders {
        let mut app = (contender.app)();
        let visits = prove(contender, &mut *app)?;
        entrants.push(Entrant {
            contender,
            app,
            visits,
            samples: vec![Vec::new(); options.work.len()],
        });
    }
    let mut order: Vec<(usize, usize)> = (0..entrants.len())
        .flat_map(|entrant| (0..options.work.len()).map(move |work| (entrant, work)))
        .collect();
    let mut random = fastrand::Rng::with_seed(options.seed);
    let is_watched = stderr().is_terminal();
    for round in 1..=options.rounds {
        random.shuffle(&mut order);
        for &(entrant, work) in &order {
            let entrant = &mut entrants[entrant];
            let visit = entrant.visits.of(options.work[work]);
            let nanoseconds = entrant.app.nanoseconds(&visit, BATCH);
            entrant.samples[work].push(nanoseconds);
        }
        if is_watched {
            eprint!("\rround {round} of {} ", options.rounds);
        }
    }
    if is_watched {
        eprintln!();
    }
    Ok(evaluated(&options.work, &mut entrants))
}

fn evaluated(work: &[Work], entrants: &mut [Entrant]) -> Measured {
    let allocations: Vec<Vec<f64>> = entrants
        .iter_mut()
        .map(|entrant| {
            let count = |&work| entrant.app.allocations(&entrant.visits.of(work), BATCH);
            work.iter().map(count).collect()
        })
        .collect();
    let base_line = |of: &Entrant| {
        let is_it = |entrant: &Entrant| entrant.contender.id == of.contender.base_line;
        entrants
            .iter()
            .position(is_it)
            .expect("a base line is measured with whom it is for")
    };
    let above = |entrant: &Entrant, column: usize| -> Vec<f64> {
        let base = &entrants[base_line(entrant)].samples[column];
        entrant.samples[column]
            .iter()
            .zip(base)
            .map(|(whole, base)| whole - base)
            .collect()
    };
    let reference = |column: usize| -> Vec<f64> {
        let halves = entrants.iter().filter(|entrant| {
            matches!(entrant.contender.role, Role::EmptyLayer | Role::HandWritten)
        });
        halves
            .map(|entrant| above(entrant, column))
            .reduce(|left, right| {
                left.iter()
                    .zip(right)
                    .map(|(left, right)| left + right)
                    .collect()
            })
            .expect("the reference is always measured")
    };
    let references: Vec<Vec<f64>> = (0..work.len()).map(reference).collect();
    let rows = entrants.iter().enumerate().map(|(index, entrant)| {
        let cells = (0..work.len()).map(|column| {
            let above = above(entrant, column);
            let mut ratios: Vec<f64> = above
                .iter()
                .zip(&references[column])
                .map(|(above, reference)| above / reference)
                .collect();
            Cell {
                whole: statistics::median(&mut entrant.samples[column].clone()),
                above: statistics::median(&mut above.clone()),
                ratio: statistics::median(&mut ratios),
                spread: statistics::interquartile_range(&mut ratios),
                allocations: allocations[index][column] - allocations[base_line(entrant)][column],
            }
        });
        Row {
            contender: entrant.contender,
            cells: cells.collect(),
        }
    });
    Measured {
        work: work.to_vec(),
        rows: rows.collect(),
    }
}
