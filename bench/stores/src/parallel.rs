//! What is left of requests that run at the same time on one session: each writes a value of its own, or all count up one number.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::{Duration, Instant};

use hyper::{Method, StatusCode};
use tokio::sync::Barrier;
use tokio::task::JoinSet;

use crate::Error;
use crate::client::Visitor;
use crate::contender::{Library, Store};
use crate::options::Options;
use crate::report::{Goal, Section, Table};
use crate::running::{Running, Starter};

/// How many requests at a time.
const SIZES: [usize; 2] = [200, 1000];

/// After that long an answer is no answer.
const PATIENCE: Duration = Duration::from_secs(30);

/// What came of so many requests.
struct Outcome {
    kept: usize,
    /// How many answers of each status, or of none.
    answers: BTreeMap<Option<StatusCode>, usize>,
    took: Duration,
}

pub(crate) async fn measure(options: &Options, starter: &Starter) -> Result<Section, Error> {
    let mut table = Table::new(&[
        "requests at the same time, on one session",
        "values kept",
        "answered",
        "seconds",
        "counted",
        "answered",
        "seconds",
    ]);
    let mut goals = Vec::new();
    for &store in &options.stores {
        for &library in &options.libraries {
            let running = starter.start(library, store).await?;
            for size in SIZES {
                eprintln!("parallel: {size} on {library}, {store}");
                let values = values(&running, size).await?;
                let counted = counted(&running, size).await?;
                table.row([
                    format!("{store}, {library}, {size}"),
                    values.kept.to_string(),
                    values.answered(),
                    format!("{:.1}", values.took.as_secs_f64()),
                    counted.kept.to_string(),
                    counted.answered(),
                    format!("{:.1}", counted.took.as_secs_f64()),
                ]);
                if library == Library::ThisProject && Some(&size) == SIZES.last() {
                    goals.extend(goals_of(store, size, &values, &counted));
                }
            }
        }
    }
    let text = format!(
        "Each over a connection of its own, all sent at once. `PUT /key/{{name}}` with a name each, then `POST /visit`; what was \
         kept is asked for afterwards.\n\n{}",
        table.markdown()
    );
    Ok(Section {
        title: "Requests at the same time",
        text,
        goals,
    })
}

fn goals_of(store: Store, size: usize, values: &Outcome, counted: &Outcome) -> [Goal; 2] {
    [
        Goal {
            what: format!("{store}: {size} of {size} values kept and requests counted"),
            measured: format!("{}, {}", values.kept, counted.kept),
            is_reached: values.kept == size && counted.kept == size,
        },
        Goal {
            what: format!("{store}: nothing lost that was answered 200"),
            measured: format!("{}, {}", values.lost(), counted.lost()),
            is_reached: values.lost() == 0 && counted.lost() == 0,
        },
    ]
}

async fn values(running: &Running, size: usize) -> Result<Outcome, Error> {
    let mut visitor = running.visitor().await?;
    visitor.read(Method::POST, "/write").await?;
    let name = |number| format!("/key/k{number}");
    let requests = (0..size).map(|number| (Method::PUT, name(number)));
    let mut outcome = at_once(running, &visitor, requests.collect()).await?;
    for number in 0..size {
        outcome.kept += usize::from(visitor.read(Method::GET, &name(number)).await? == "1");
    }
    Ok(outcome)
}

async fn counted(running: &Running, size: usize) -> Result<Outcome, Error> {
    let mut visitor = running.visitor().await?;
    visitor.read(Method::POST, "/write").await?;
    let requests = vec![(Method::POST, "/visit".to_owned()); size];
    let mut outcome = at_once(running, &visitor, requests).await?;
    let count: usize = visitor.read(Method::GET, "/read").await?.parse()?;
    // The visitor's own write has counted, too.
    outcome.kept = count.saturating_sub(1);
    Ok(outcome)
}

/// Asks all of it at the same time, with one visitor's cookie.
async fn at_once(
    running: &Running,
    visitor: &Visitor,
    requests: Vec<(Method, String)>,
) -> Result<Outcome, Error> {
    let start = Arc::new(Barrier::new(requests.len() + 1));
    let mut asking = JoinSet::new();
    for (method, path) in requests {
        let address = running.application.address();
        let mut twin = Visitor::with(address, visitor.jar()).await?;
        let start = start.clone();
        asking.spawn(async move {
            start.wait().await;
            let answer = tokio::time::timeout(PATIENCE, twin.ask(method, &path)).await;
            answer.ok()?.ok().map(|answer| answer.status)
        });
    }
    start.wait().await;
    let begun = Instant::now();
    let mut answers = BTreeMap::new();
    while let Some(status) = asking.join_next().await {
        *answers.entry(status?).or_default() += 1;
    }
    Ok(Outcome {
        kept: 0,
        answers,
        took: begun.elapsed(),
    })
}

impl Outcome {
    /// How many were answered 200, and are not there.
    fn lost(&self) -> usize {
        let fine = self.answers.get(&Some(StatusCode::OK)).copied();
        fine.unwrap_or(0).saturating_sub(self.kept)
    }

    fn answered(&self) -> String {
        let answers = self.answers.iter().map(|(status, times)| match status {
            Some(status) => format!("{times} × {}", status.as_u16()),
            None => format!("{times} × nothing"),
        });
        answers.collect::<Vec<_>>().join(", ")
    }
}
