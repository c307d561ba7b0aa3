//! An application that is asked as fast as it answers, and what that costs. It knows neither in which order who is asked nor what is
//! made of the samples.

use std::time::{Duration, Instant};

use hyper::StatusCode;
use tokio::task::JoinSet;

use crate::Error;
use crate::application::Keeping;
use crate::client::{Jar, NO_SESSION, Visitor};
use crate::contender::{Library, Store};
use crate::options::Options;
use crate::process::{Application, CpuTime, Server};
use crate::proxy::Proxy;
use crate::running::Starter;
use crate::work::Work;

/// Whose application is asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Who {
    /// Nobody's: the base line.
    NoSessions,
    Contender(Library, Store),
    /// That of Redis's driver, to tell what of a request is left to a library.
    DriverAlone,
}

/// Who is asked, and what came of it.
pub(crate) struct Asked {
    pub(crate) who: Who,
    application: Application,
    server: Server,
    visitors: Vec<Visitor>,
    pub(crate) samples: Vec<Sample>,
}

/// What came of one kind of work in one round.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Sample {
    pub(crate) work: Work,
    pub(crate) per_second: f64,
    /// Microseconds of the application's CPU time a request.
    pub(crate) cpu: f64,
    /// The same of the store's server, where it has one.
    pub(crate) store_cpu: f64,
    /// Of the requests, those that were not answered 200.
    pub(crate) failed: u64,
}

impl Who {
    /// Whether it is asked for this.
    pub(crate) fn does(self, work: Work) -> bool {
        self != Self::DriverAlone || work != Work::Visit
    }
}

impl Asked {
    /// The application without sessions.
    pub(crate) async fn base_line(options: &Options) -> Result<Self, Error> {
        let application = Application::start(Keeping::Nothing).await?;
        Self::without_a_session(options, Who::NoSessions, application, Server::Memory).await
    }

    /// The application with Redis's driver.
    pub(crate) async fn driver_alone(options: &Options) -> Result<Self, Error> {
        let server = Server::start(Store::Redis)?;
        let application = Application::start(Keeping::Number(&server.address())).await?;
        // Reading is an error where nothing was written.
        let mut visitor = Visitor::arrive(application.address()).await?;
        visitor
            .read(Work::Write.method(), Work::Write.path())
            .await?;
        Self::without_a_session(options, Who::DriverAlone, application, server).await
    }

    /// An application that has no sessions, with visitors whose requests are as long as the others'.
    async fn without_a_session(
        options: &Options,
        who: Who,
        application: Application,
        server: Server,
    ) -> Result<Self, Error> {
        let mut visitors = Vec::new();
        for _ in 0..options.connections {
            visitors.push(Visitor::with(application.address(), Jar::of(NO_SESSION)).await?);
        }
        Ok(Self {
            who,
            application,
            server,
            visitors,
            samples: Vec::new(),
        })
    }

    /// A library's, before a store that is so far off.
    pub(crate) async fn contender(
        options: &Options,
        starter: &Starter,
        library: Library,
        store: Store,
        distance: Duration,
    ) -> Result<Self, Error> {
        let server = Server::start(store)?;
        let address = match server.port() {
            Some(port) if !distance.is_zero() => {
                let proxy = Proxy::before(port, distance).await?;
                server.address_through(proxy.port())
            }
            _ => server.address(),
        };
        let application = starter.application(library, &address).await?;
        let mut visitors = Vec::new();
        for _ in 0..options.connections {
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
        Ok(Self {
            who: Who::Contender(library, store),
            application,
            server,
            visitors,
            samples: Vec::new(),
        })
    }

    /// Asks for this as fast as it is answered.
    pub(crate) async fn ask_for(
        &mut self,
        work: Work,
        duration: Duration,
    ) -> Result<Sample, Error> {
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
    pub(crate) fn of(&self, work: Work) -> impl Iterator<Item = &Sample> {
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
