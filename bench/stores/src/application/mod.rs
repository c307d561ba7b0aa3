//! The application that is measured, once with this project's sessions and once without any. `../../peer` is the same with those of
//! tower-sessions, in a program of its own.
//!
//! | route | what it does |
//! | --- | --- |
//! | `GET /untouched` | does not look at the session |
//! | `GET /read` | reads the counter |
//! | `POST /write` | reads the counter and sets it to one more |
//! | `POST /visit` | the same, as the library counts where requests run at the same time |
//! | `POST /login` | renews the session and notes a user |
//! | `POST /logout` | ends the session |
//! | `GET /user` | says who is logged in |
//! | `PUT /key/{name}`, `GET /key/{name}` | sets a value of that name, says whether there is one |
//! | `POST /slow/{milliseconds}` | reads the user, waits, and sets a value |
//!
//! Where there is no value the answer is `nobody`.

mod serve;
mod this_project;
mod without_sessions;

use axum::Router;

use crate::Error;

/// What stands on the command line before the rest of it, where this program is the application.
pub(crate) const SERVE: &str = "serve";

/// What is served, with the address of a store where sessions are kept.
pub(crate) fn serve(mut arguments: impl Iterator<Item = String>) -> Result<(), Error> {
    let router = match arguments.next() {
        None => without_sessions::router(),
        Some(address) => this_project::router(&address)?,
    };
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()?;
    runtime.block_on(served(router))
}

async fn served(router: Router) -> Result<(), Error> {
    Ok(serve::serve(router).await?)
}
