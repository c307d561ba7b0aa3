//! What visitors are told while the store's server is gone, while it hangs, and after it has come back.

use std::time::{Duration, Instant};

use hyper::{Method, StatusCode};

use crate::Error;
use crate::client::{Jar, Visitor};
use crate::contender::Library;
use crate::options::Options;
use crate::report::{Goal, Section, Table};
use crate::running::{Running, Starter};

/// After that long an answer is no answer.
const PATIENCE: Duration = Duration::from_secs(10);

/// This project's time-out, and what it takes to tell.
const TIMEOUT: Duration = Duration::from_millis(2_000 + 200);

/// An answer, if there was one, and how long it took.
#[derive(Clone, Copy)]
struct Told {
    status: Option<StatusCode>,
    took: Duration,
}

pub(crate) async fn measure(options: &Options, starter: &Starter) -> Result<Section, Error> {
    let mut table = Table::new(&[
        "",
        "read, killed",
        "once more",
        "untouched, killed",
        "logged in, seconds after the restart",
        "read, stopped",
    ]);
    let mut goals = Vec::new();
    for &store in &options.stores {
        for &library in &options.libraries {
            let mut running = starter.start(library, store).await?;
            if running.server.port().is_none() {
                continue;
            }
            eprintln!("outage: {library}, {store}");
            let mut visitor = running.visitor().await?;
            visitor.read(Method::POST, "/login").await?;
            let jar = visitor.jar();

            running.server.kill()?;
            let first = ask(&running, &jar, "/user").await;
            let second = ask(&running, &jar, "/user").await;
            let untouched = ask(&running, &jar, "/untouched").await;
            running.server.restart()?;
            let back = until_logged_in(&running, &jar).await;
            running.server.stop()?;
            let stopped = ask(&running, &jar, "/user").await;
            running.server.go_on()?;

            table.row([
                format!("{store}, {library}"),
                first.shown(),
                second.shown(),
                untouched.shown(),
                back.map_or_else(
                    || format!("not within {PATIENCE:?}"),
                    |back| format!("{:.1}", back.as_secs_f64()),
                ),
                stopped.shown(),
            ]);
            if library == Library::ThisProject {
                let told = [first, second, stopped];
                let is_refused = |told: &Told| {
                    told.status == Some(StatusCode::SERVICE_UNAVAILABLE) && told.took <= TIMEOUT
                };
                goals.push(Goal {
                    what: format!("{store}: 503 within 2 s, and the session is there afterwards"),
                    measured: told.map(Told::shown).join("; "),
                    is_reached: told.iter().all(is_refused) && back.is_some(),
                });
            }
        }
    }
    let text = format!(
        "The server is killed and a visitor who is logged in asks who that is, twice; then it is started again with what it has \
         kept; then it is stopped, so that its connections stay and nobody answers. No answer is waited for longer than \
         {PATIENCE:?}.\n\n{}",
        table.markdown()
    );
    Ok(Section {
        title: "While the store is gone",
        text,
        goals,
    })
}

async fn ask(running: &Running, jar: &Jar, path: &str) -> Told {
    let begun = Instant::now();
    let asking = async {
        let mut visitor = Visitor::with(running.application.address(), jar.clone()).await?;
        visitor.ask(Method::GET, path).await
    };
    let answer = tokio::time::timeout(PATIENCE, asking).await;
    Told {
        status: answer.ok().and_then(Result::ok).map(|answer| answer.status),
        took: begun.elapsed(),
    }
}

/// How long it took until the session was there again.
async fn until_logged_in(running: &Running, jar: &Jar) -> Option<Duration> {
    let begun = Instant::now();
    let asking = async {
        loop {
            if let Ok(mut visitor) = Visitor::with(running.application.address(), jar.clone()).await
                && let Ok(user) = visitor.read(Method::GET, "/user").await
                && user == "1"
            {
                return;
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    };
    tokio::time::timeout(PATIENCE, asking).await.ok()?;
    Some(begun.elapsed())
}

impl Told {
    fn shown(self) -> String {
        match self.status {
            Some(status) => format!("{} in {:.2} s", status.as_u16(), self.took.as_secs_f64()),
            None => format!("nothing in {:.0} s", self.took.as_secs_f64()),
        }
    }
}
