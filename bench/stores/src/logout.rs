//! Whether a request that ends after a logout logs in again.

use std::time::Duration;

use hyper::Method;

use crate::Error;
use crate::client::{Answer, Visitor};
use crate::contender::Library;
use crate::options::Options;
use crate::report::{Goal, Section, Table};
use crate::running::{Running, Starter};

/// How often it is tried.
const TIMES: usize = 10;

/// For how long the slow request has read the session when the logout comes, and for how long it goes on.
const HALF: Duration = Duration::from_millis(100);

pub(crate) async fn measure(options: &Options, starter: &Starter) -> Result<Section, Error> {
    let mut table = Table::new(&["", "logged in again", "the slow request is answered"]);
    let mut goals = Vec::new();
    for &store in &options.stores {
        for &library in &options.libraries {
            eprintln!("logout: {library}, {store}");
            let running = starter.start(library, store).await?;
            let mut revived = 0;
            let mut answer = None;
            for _ in 0..TIMES {
                let (is_revived, slow) = try_it(&running).await?;
                revived += usize::from(is_revived);
                answer = Some(slow);
            }
            let answer = answer.map_or_else(String::new, |answer| answer.status.to_string());
            let measured = format!("{revived} of {TIMES}");
            table.row([format!("{store}, {library}"), measured.clone(), answer]);
            if library == Library::ThisProject {
                goals.push(Goal {
                    what: format!("{store}: nobody is logged in again"),
                    measured,
                    is_reached: revived == 0,
                });
            }
        }
    }
    let text = format!(
        "A request reads the session, the visitor logs out and is answered, and then the request writes a value. Afterwards \
         somebody asks with the cookie from before the logout, and with the one that the request has set, if it has.\n\n{}",
        table.markdown()
    );
    Ok(Section {
        title: "A request that ends after the logout",
        text,
        goals,
    })
}

async fn try_it(running: &Running) -> Result<(bool, Answer), Error> {
    let mut visitor = running.visitor().await?;
    visitor.read(Method::POST, "/write").await?;
    visitor.read(Method::POST, "/login").await?;
    let before = visitor.jar();
    let address = running.application.address();
    let mut twin = Visitor::with(address, before.clone()).await?;
    let slow = tokio::spawn(async move {
        let path = format!("/slow/{}", 2 * HALF.as_millis());
        let answer = twin.ask(Method::POST, &path).await?;
        Ok::<_, Error>((answer, twin.jar()))
    });
    tokio::time::sleep(HALF).await;
    visitor.read(Method::POST, "/logout").await?;
    let (answer, after) = slow.await??;
    let mut is_revived = false;
    for jar in [before, after] {
        let mut somebody = Visitor::with(address, jar).await?;
        is_revived |= somebody.read(Method::GET, "/user").await? == "1";
    }
    Ok((is_revived, answer))
}
