//! Rounds: in each, every contender does every work once, in a new order. What is compared later was measured within one
//! round, so that a machine that slows down in between slows everybody.

use crate::Error;
use crate::app::App;
use crate::contenders::Contender;
use crate::evaluate::Samples;
use crate::options::Options;
use crate::proof::{Visits, prove};

/// Requests between two looks at the clock: enough that looking is nothing beside them, and so few that they are rarely
/// interrupted.
const BATCH: usize = 64;

/// Batches of one measurement. The fastest counts: what interrupts a batch only adds to it.
const BATCHES: usize = 4;

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
    // Every round has left them in another order.
    let place = |entrant: &Entrant| {
        let is_it = |contender: &&Contender| contender.id == entrant.contender.id;
        options.contenders.iter().position(is_it)
    };
    entrants.sort_by_key(place);
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
    let mut columns: Vec<usize> = (0..options.work.len()).collect();
    let mut random = fastrand::Rng::with_seed(options.seed);
    for _ in 0..options.rounds {
        random.shuffle(&mut columns);
        for &column in &columns {
            // Everybody right after another, as what is compared should meet the same machine.
            random.shuffle(entrants);
            for entrant in &mut *entrants {
                let visit = entrant.visits.of(options.work[column]);
                let batches = (0..BATCHES).map(|_| entrant.app.nanoseconds(&visit, BATCH));
                let fastest = batches.fold(f64::INFINITY, f64::min);
                entrant.nanoseconds[column].push(fastest);
            }
        }
    }
}

/// For each work. They are the same each time, so once is enough.
fn allocations(entrant: &mut Entrant, options: &Options) -> Vec<f64> {
    let Entrant { app, visits, .. } = entrant;
    let count = |&work| app.allocations(&visits.of(work), BATCH);
    options.work.iter().map(count).collect()
}
