//! How often a request asks the store's server, and waits for the answer.

use std::time::Duration;

use hyper::Method;

use crate::Error;
use crate::client::Visitor;
use crate::contender::{Library, Store};
use crate::options::Options;
use crate::process::{Application, Server};
use crate::proxy::Proxy;
use crate::report::{Goal, Section, Table};
use crate::running::Starter;
use crate::statistics::median;

/// How many requests of each kind come before those that are counted: connections are made, and statements prepared.
const WARM_UP: usize = 40;

/// How many are counted.
const COUNTED: usize = 25;

/// What an application may still have to ask when it has answered.
const SETTLING: Duration = Duration::from_millis(5);

/// A request, and how many round trips this project allows itself. Visitors have a session.
const REQUESTS: [(&str, Method, &str, f64); 5] = [
    ("untouched", Method::GET, "/untouched", 0.0),
    ("read", Method::GET, "/read", 1.0),
    ("read and write", Method::POST, "/write", 2.0),
    ("count", Method::POST, "/visit", 2.0),
    ("login", Method::POST, "/login", 3.0),
];

/// An application whose questions are counted.
struct Counted {
    application: Application,
    proxy: Proxy,
    _server: Server,
}

pub(crate) async fn measure(options: &Options, starter: &Starter) -> Result<Section, Error> {
    let titles = REQUESTS.map(|(title, ..)| title);
    let mut table = Table::new(&[&["median, and most where that is more"][..], &titles].concat());
    let mut goals = Vec::new();
    for &store in &options.stores {
        for &library in &options.libraries {
            let Some(counted) = start(starter, library, store).await? else {
                continue;
            };
            eprintln!("round trips: {library}, {store}");
            let mut cells = vec![format!("{store}, {library}")];
            let (mut measured, mut is_reached) = (Vec::new(), true);
            for (title, method, path, most) in REQUESTS {
                let turns = counted.turns_of(&method, path).await?;
                let middle = median(&turns);
                is_reached &= middle <= most;
                measured.push(format!("{middle} {title}"));
                cells.push(shown(&turns));
            }
            table.row(cells);
            if library == Library::ThisProject {
                goals.push(Goal {
                    what: format!("{store}: 0, 1 and 2 round trips, and at most 3 for a login"),
                    measured: measured.join(", "),
                    is_reached,
                });
            }
        }
    }
    let text = format!(
        "What is sent before an answer comes is one round trip. {COUNTED} requests of each kind, one after another, after \
         {WARM_UP}; each visitor of a login has a session.\n\n{}",
        table.markdown()
    );
    Ok(Section {
        title: "Round trips",
        text,
        goals,
    })
}

/// Nothing where the store has no server.
async fn start(
    starter: &Starter,
    library: Library,
    store: Store,
) -> Result<Option<Counted>, Error> {
    let server = Server::start(store)?;
    let Some(port) = server.port() else {
        return Ok(None);
    };
    let proxy = Proxy::before(port, Duration::ZERO).await?;
    let address = server.address_through(proxy.port());
    // It connects through the proxy, which runs in this thread.
    let application = starter.application(library, &address).await?;
    Ok(Some(Counted {
        application,
        proxy,
        _server: server,
    }))
}

impl Counted {
    async fn turns_of(&self, method: &Method, path: &str) -> Result<Vec<f64>, Error> {
        let mut turns = Vec::new();
        for _ in 0..WARM_UP + COUNTED {
            let mut visitor = Visitor::arrive(self.application.address()).await?;
            visitor.read(Method::POST, "/write").await?;
            tokio::time::sleep(SETTLING).await;
            let before = self.proxy.turns();
            visitor.read(method.clone(), path).await?;
            tokio::time::sleep(SETTLING).await;
            turns.push((self.proxy.turns() - before) as f64);
        }
        Ok(turns.split_off(WARM_UP))
    }
}

fn shown(turns: &[f64]) -> String {
    let middle = median(turns);
    let most = turns.iter().copied().fold(middle, f64::max);
    if most > middle {
        format!("{middle} ({most})")
    } else {
        middle.to_string()
    }
}
