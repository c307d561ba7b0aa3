//! Rounds: in each, every contender does every work once, in a new order. What is compared later was measured within one
//! round, so that a machine that slows down in between slows everybody.

use std::io::{IsTerminal as _, stderr};

use crate::Error;
use crate::app::App;
use crate::contenders::Contender;
use crate::evaluate::Samples;
use crate::options::Options;
use crate::proof::{Visits, prove};

/// Requests of one measurement: enough that reading the clock is nothing beside them.
const BATCH: usize = 64;

struct Entrant {
    contender: &'static Contender,
    app: Box<dyn App>,
    visits: Visits,
    /// A list a work, a number a round.
    nanoseconds: Vec<Vec<f64>>,
}

/// Lets every contender prove its work, and measures them all.
///
/// # Errors
///
/// If a contender does not do its work, before anything is measured.
pub(crate) fn measure(options: &Options) -> Result<Vec<Samples>, Error> {
    let entrants = options.contenders.iter().map(|contender| {
        let mut app = (contender.app)();
        Ok(Entrant {
            contender,
            visits: prove(contender, &mut *app)?,
            app,
            nanoseconds: vec![Vec::new(); options.work.len()],
        })
    });
    let mut entrants = entrants.collect::<Result<Vec<_>, Error>>()?;
    run(&mut entrants, options);
    Ok(entrants
        .into_iter()
        .map(|mut entrant| Samples {
            allocations: allocations(&mut entrant, options),
            contender: entrant.contender,
            nanoseconds: entrant.nanoseconds,
        })
        .collect())
}

fn run(entrants: &mut [Entrant], options: &Options) {
    let columns = 0..options.work.len();
    let mut order: Vec<(usize, usize)> = (0..entrants.len())
        .flat_map(|entrant| columns.clone().map(move |column| (entrant, column)))
        .collect();
    let mut random = fastrand::Rng::with_seed(options.seed);
    let is_watched = stderr().is_terminal();
    for round in 1..=options.rounds {
        if is_watched {
            eprint!("\rround {round} of {} ", options.rounds);
        }
        random.shuffle(&mut order);
        for &(entrant, column) in &order {
            let entrant = &mut entrants[entrant];
            let visit = entrant.visits.of(options.work[column]);
            let nanoseconds = entrant.app.nanoseconds(&visit, BATCH);
            entrant.nanoseconds[column].push(nanoseconds);
        }
    }
    if is_watched {
        eprintln!();
    }
}

/// For each work. They are the same each time, so once is enough.
fn allocations(entrant: &mut Entrant, options: &Options) -> Vec<f64> {
    let Entrant { app, visits, .. } = entrant;
    let count = |&work| app.allocations(&visits.of(work), BATCH);
    options.work.iter().map(count).collect()
}
