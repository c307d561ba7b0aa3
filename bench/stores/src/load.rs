//! How many requests a second, and at which cost in CPU time: visitors ask over connections that are kept, each with a session of
//! its own, as fast as they are answered.
//!
//! A round asks each contender for each kind of work, in an order that is new each time. What is compared is compared within a
//! round, so that a slow minute is slow for all.

use std::time::{Duration, Instant};

use hyper::StatusCode;
use tokio::task::JoinSet;

use crate::Error;
use crate::client::{Jar, NO_SESSION, Visitor};
use crate::contender::{Library, Store};
use crate::options::Options;
use crate::process::{Application, CpuTime, Server};
use crate::proxy::Proxy;
use crate::report::{Goal, Section, Table};
use crate::running::Starter;
use crate::statistics::median;
use crate::work::Work;

/// For how long each is asked before the clock starts, as part of how long it is asked.
const WARM_UP: u32 = 5;

/// How far off a store is that is not on this machine.
const DISTANCE: Duration = Duration::from_millis(1);

/// Who is asked.
struct Asked {
    /// Nobody, for the base line.
    contender: Option<(Library, Store)>,
    application: Application,
    server: Server,
    visitors: Vec<Visitor>,
    samples: Vec<Sample>,
}

/// What came of one kind of work in one round.
#[derive(Clone, Copy, Debug)]
struct Sample {
    work: Work,
    per_second: f64,
    /// Microseconds of the application's CPU time a request.
    cpu: f64,
    /// The same of the store's server, where it has one.
    store_cpu: f64,
    /// Of the requests, those that were not answered 200.
    failed: u64,
}

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
        let mut all = vec![base_line(self.options).await?];
        for &store in &self.stores {
            for &library in &self.options.libraries {
                all.push(self.contender(starter, library, store).await?);
            }
        }
        let mut random = fastrand::Rng::with_seed(self.options.seed);
        for round in 0..self.rounds {
            eprintln!("load: round {} of {}", round + 1, self.rounds);
            let works = |index| self.works.iter().map(move |work| (index, *work));
            let mut turns: Vec<_> = (0..all.len()).flat_map(works).collect();
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

    async fn contender(
        &self,
        starter: &Starter,
        library: Library,
        store: Store,
    ) -> Result<Asked, Error> {
        let server = Server::start(store)?;
        let address = match server.port() {
            Some(port) if !self.distance.is_zero() => {
                let proxy = Proxy::before(port, self.distance).await?;
                server.address_through(proxy.port())
            }
            _ => server.address(),
        };
        let application = starter.application(library, &address).await?;
        let mut visitors = Vec::new();
        for _ in 0..self.options.connections {
            let mut visitor = Visitor::arrive(application.address()).await?;
            // It proves that pages depend on what was stored.
            let (method, path) = (Work::Write.method(), Work::Write.path());
            let written = visitor.read(method, path).await?;
            let read = visitor.read(Work::Read.method(), Work::Read.path()).await?;
            if (written.as_str(), read.as_str()) != ("1", "1") {
                return Err(format!("{library}, {store}: wrote {written} and read {read}").into());
            }
            visitors.push(visitor);
        }
        Ok(Asked {
            contender: Some((library, store)),
            application,
            server,
            visitors,
            samples: Vec::new(),
        })
    }

    fn section(&self, title: &'static str, setting: &str, all: &[Asked]) -> Section {
        let find = |contender| all.iter().find(|asked| asked.contender == contender);
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
            let base = find(None);
            let contenders = Library::ALL.map(|library| find(Some((library, store))));
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
                if let (Some((library, store)), 1..) = (asked.contender, failed) {
                    failures += &format!(
                        "\n{failed} answers of {library} with {store} were no 200, and count as none.\n"
                    );
                }
            }
        }
        let text = format!(
            "{} visitors at a time, each with a session of its own; medians of {} rounds of {} ms.{setting}\n\n{}\n{}{failures}",
            self.options.connections,
            self.rounds,
            self.options.slice.as_millis(),
            speed.markdown(),
            cost.markdown(),
        );
        Section { title, text, goals }
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

async fn base_line(options: &Options) -> Result<Asked, Error> {
    let application = Application::start(None).await?;
    let mut visitors = Vec::new();
    for _ in 0..options.connections {
        visitors.push(Visitor::with(application.address(), Jar::of(NO_SESSION)).await?);
    }
    Ok(Asked {
        contender: None,
        application,
        server: Server::Memory,
        visitors,
        samples: Vec::new(),
    })
}

impl Asked {
    async fn ask_for(&mut self, work: Work, duration: Duration) -> Result<Sample, Error> {
        let (cpu, store_cpu) = (self.application.cpu_time()?, self.server.cpu_time()?);
        let begun = Instant::now();
        let mut asking = JoinSet::new();
        for visitor in self.visitors.drain(..) {
            asking.spawn(ask_until(visitor, work, begun + duration));
        }
        let (mut requests, mut failed) = (0, 0);
        while let Some(visitor) = asking.join_next().await {
            let (visitor, answered, refused) = visitor??;
            self.visitors.push(visitor);
            requests += answered;
            failed += refused;
        }
        let seconds = begun.elapsed().as_secs_f64();
        let each = |taken: Duration| taken.as_secs_f64() * 1e6 / (requests + failed) as f64;
        let since = |before: Option<CpuTime>, now: Option<CpuTime>| {
            before
                .zip(now)
                .map_or(Duration::ZERO, |(before, now)| now.since(before))
        };
        Ok(Sample {
            work,
            per_second: requests as f64 / seconds,
            cpu: each(self.application.cpu_time()?.since(cpu)),
            store_cpu: each(since(store_cpu, self.server.cpu_time()?)),
            failed,
        })
    }

    /// In the order of the rounds.
    fn of(&self, work: Work) -> impl Iterator<Item = &Sample> {
        self.samples
            .iter()
            .filter(move |sample| sample.work == work)
    }
}

/// How many were answered 200, and how many otherwise.
async fn ask_until(
    mut visitor: Visitor,
    work: Work,
    end: Instant,
) -> Result<(Visitor, u64, u64), Error> {
    let (mut answered, mut failed) = (0, 0);
    while Instant::now() < end {
        match visitor.ask(work.method(), work.path()).await?.status {
            StatusCode::OK => answered += 1,
            _ => failed += 1,
        }
    }
    Ok((visitor, answered, failed))
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
