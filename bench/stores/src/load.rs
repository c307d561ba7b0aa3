//! How many requests a second, and at which cost in CPU time: visitors ask over connections that are kept, each with a session of
//! its own, as fast as they are answered.
//!
//! A round asks each contender for each kind of work, in an order that is new each time. What is compared is compared within a
//! round, so that a slow minute is slow for all.

use std::time::Duration;

use crate::Error;
use crate::asked::{Asked, Sample, Who};
use crate::contender::{Library, Store};
use crate::options::Options;
use crate::report::{Goal, Section, Table};
use crate::running::Starter;
use crate::statistics::median;
use crate::work::Work;

/// For how long each is asked before the clock starts, as part of how long it is asked.
const WARM_UP: u32 = 5;

/// How far off a store is that is not on this machine.
const DISTANCE: Duration = Duration::from_millis(1);

/// What is asked in one measurement.
struct Plan<'a> {
    options: &'a Options,
    stores: Vec<Store>,
    works: &'static [Work],
    rounds: usize,
    /// How far off the stores' servers are.
    distance: Duration,
}

/// Everything on one machine.
pub(crate) async fn measure(options: &Options, starter: &Starter) -> Result<Section, Error> {
    let plan = Plan {
        options,
        stores: options.stores.clone(),
        works: &Work::ALL,
        rounds: options.rounds,
        distance: Duration::ZERO,
    };
    let all = plan.run(starter).await?;
    Ok(plan.section("Requests a second, and what they cost", "", &all))
}

/// As if the stores' servers were other machines.
pub(crate) async fn measure_distant(
    options: &Options,
    starter: &Starter,
) -> Result<Section, Error> {
    let has_server = |store: &&Store| store.has_server();
    let plan = Plan {
        options,
        stores: options.stores.iter().filter(has_server).copied().collect(),
        works: &[Work::Read, Work::Write],
        rounds: options.rounds.div_ceil(2),
        distance: DISTANCE,
    };
    let all = plan.run(starter).await?;
    let text = " Between application and server each piece takes 1 to 2 ms either way, as between machines that are not neighbours.";
    Ok(plan.section("The same, where the store is some way off", text, &all))
}

impl Plan<'_> {
    async fn run(&self, starter: &Starter) -> Result<Vec<Asked>, Error> {
        let mut all = vec![Asked::base_line(self.options).await?];
        if self.has_driver() {
            all.push(Asked::driver_alone(self.options).await?);
        }
        for &store in &self.stores {
            for &library in &self.options.libraries {
                all.push(
                    Asked::contender(self.options, starter, library, store, self.distance).await?,
                );
            }
        }
        let mut random = fastrand::Rng::with_seed(self.options.seed);
        for round in 0..self.rounds {
            eprintln!("load: round {} of {}", round + 1, self.rounds);
            let mut turns = Vec::new();
            for (index, asked) in all.iter().enumerate() {
                let works = self.works.iter().filter(|work| asked.who.does(**work));
                turns.extend(works.map(|work| (index, *work)));
            }
            random.shuffle(&mut turns);
            for (index, work) in turns {
                let asked = &mut all[index];
                asked.ask_for(work, self.options.slice / WARM_UP).await?;
                let sample = asked.ask_for(work, self.options.slice).await?;
                asked.samples.push(sample);
            }
        }
        Ok(all)
    }

    fn section(&self, title: &'static str, setting: &str, all: &[Asked]) -> Section {
        let find = |who| all.iter().find(|asked| asked.who == who);
        let mut speed = Table::new(&[
            "requests a second",
            "without sessions",
            "session-runtime",
            "of it",
            "tower-sessions",
            "of it",
            "times theirs",
        ]);
        let mut cost = Table::new(&[
            "microseconds of CPU a request",
            "without sessions",
            "session-runtime",
            "times that",
            "its store",
            "tower-sessions",
            "times that",
            "its store",
        ]);
        let mut goals = Vec::new();
        let mut failures = String::new();
        for &store in &self.stores {
            let base = find(Who::NoSessions);
            let contenders = Library::ALL.map(|library| find(Who::Contender(library, store)));
            for &work in self.works {
                let of = |asked: Option<&Asked>, value: fn(&Sample) -> f64| -> Vec<f64> {
                    asked.map_or_else(Vec::new, |asked| asked.of(work).map(value).collect())
                };
                let speed_of = |asked| of(asked, |sample| sample.per_second);
                let cost_of = |asked| of(asked, |sample| sample.cpu);
                let store_cost_of = |asked| of(asked, |sample| sample.store_cpu);
                let [ours, theirs] = contenders;
                let name = format!("{store}, {}", work.title());
                let times_theirs = ratio(&speed_of(ours), &speed_of(theirs));
                speed.row([
                    name.clone(),
                    shown(middle(&speed_of(base)), 0),
                    shown(middle(&speed_of(ours)), 0),
                    shown(ratio(&speed_of(ours), &speed_of(base)), 2),
                    shown(middle(&speed_of(theirs)), 0),
                    shown(ratio(&speed_of(theirs), &speed_of(base)), 2),
                    shown(times_theirs, 2),
                ]);
                cost.row([
                    name,
                    shown(middle(&cost_of(base)), 0),
                    shown(middle(&cost_of(ours)), 0),
                    shown(ratio(&cost_of(ours), &cost_of(base)), 2),
                    shown(middle(&store_cost_of(ours)), 0),
                    shown(middle(&cost_of(theirs)), 0),
                    shown(ratio(&cost_of(theirs), &cost_of(base)), 2),
                    shown(middle(&store_cost_of(theirs)), 0),
                ]);
                if let (Work::Write, Some(least), Some(measured)) =
                    (work, self.goal(store), times_theirs)
                {
                    goals.push(Goal {
                    what: format!(
                        "{store}, read and write: {least} times tower-sessions' requests a second"
                    ),
                    measured: format!("{measured:.2}"),
                    is_reached: measured >= least,
                });
                }
            }
            for asked in contenders.into_iter().flatten() {
                let failed: u64 = asked.samples.iter().map(|sample| sample.failed).sum();
                if let (Who::Contender(library, store), 1..) = (asked.who, failed) {
                    failures += &format!(
                        "\n{failed} answers of {library} with {store} were no 200, and count as none.\n"
                    );
                }
            }
        }
        let text = format!(
            "{} visitors at a time, each with a session of its own; medians of {} rounds of {} ms.{setting}\n\n{}\n{}{}{failures}",
            self.options.connections,
            self.rounds,
            self.options.slice.as_millis(),
            speed.markdown(),
            cost.markdown(),
            self.driver(all),
        );
        Section { title, text, goals }
    }

    /// What the driver takes of a request, where it was asked.
    fn driver(&self, all: &[Asked]) -> String {
        let find = |who| all.iter().find(|asked| asked.who == who);
        let Some(driver) = find(Who::DriverAlone) else {
            return String::new();
        };
        let theirs = find(Who::Contender(Library::TowerSessions, Store::Redis));
        let mut table = Table::new(&[
            "Redis's driver alone",
            "requests a second",
            "times tower-sessions'",
            "microseconds of CPU a request",
            "its store",
        ]);
        for &work in self.works.iter().filter(|work| driver.who.does(**work)) {
            let of = |asked: &Asked, value: fn(&Sample) -> f64| -> Vec<f64> {
                asked.of(work).map(value).collect()
            };
            let speed = of(driver, |sample| sample.per_second);
            let their_speed = theirs.map(|theirs| of(theirs, |sample| sample.per_second));
            table.row([
                work.title().to_owned(),
                shown(middle(&speed), 0),
                shown(their_speed.and_then(|theirs| ratio(&speed, &theirs)), 2),
                shown(middle(&of(driver, |sample| sample.cpu)), 0),
                shown(middle(&of(driver, |sample| sample.store_cpu)), 0),
            ]);
        }
        format!(
            "\nOf it, what one `GET` takes, and one `GET` and one `SET`, in an application that has nothing but the driver.\n\n{}",
            table.markdown(),
        )
    }

    fn has_driver(&self) -> bool {
        self.distance.is_zero() && self.stores.contains(&Store::Redis)
    }

    /// How many times as fast as tower-sessions this project wants to be at reading and writing.
    fn goal(&self, store: Store) -> Option<f64> {
        match store {
            Store::Memory => None,
            _ if !self.distance.is_zero() => None,
            Store::Sqlite | Store::Redis => Some(1.3),
            Store::Postgres => Some(2.0),
        }
    }
}

fn middle(numbers: &[f64]) -> Option<f64> {
    (!numbers.is_empty()).then(|| median(numbers))
}

/// The median of the rounds' ratios.
fn ratio(numbers: &[f64], others: &[f64]) -> Option<f64> {
    let ratios: Vec<_> = numbers
        .iter()
        .zip(others)
        .map(|(one, other)| one / other)
        .collect();
    middle(&ratios)
}

fn shown(number: Option<f64>, digits: usize) -> String {
    number.map_or_else(|| "–".to_owned(), |number| format!("{number:.digits$}"))
}
