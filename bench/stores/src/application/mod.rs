//! The application that is measured, once with this project's sessions and once without any, and once more with Redis's driver
//! alone, as far as that goes. `../../peer` is the same with the sessions of tower-sessions, in a program of its own.
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

mod driver_alone;
mod serve;
mod this_project;
mod without_sessions;

use crate::Error;

/// What stands on the command line before the rest of it, where this program is the application.
pub(crate) const SERVE: &str = "serve";

/// What the application keeps something in.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Keeping<'a> {
    Nothing,
    /// Sessions, in the store of this address.
    Sessions(&'a str),
    /// A number, in the Redis of this address.
    Number(&'a str),
}

/// What stands before the address of a Redis where a number is kept.
const NUMBER: &str = "number";

impl<'a> Keeping<'a> {
    /// What follows [`SERVE`] on the command line.
    pub(crate) fn arguments(self) -> Vec<&'a str> {
        match self {
            Self::Nothing => Vec::new(),
            Self::Sessions(address) => vec![address],
            Self::Number(address) => vec![NUMBER, address],
        }
    }

    fn of(arguments: &'a [String]) -> Result<Self, Error> {
        match arguments {
            [] => Ok(Self::Nothing),
            [number, address] if number == NUMBER => Ok(Self::Number(address)),
            [address] => Ok(Self::Sessions(address)),
            _ => Err("there are more arguments than the address of a store".into()),
        }
    }
}

/// Serves what follows on the command line, until whoever has started it ends.
pub(crate) fn serve(arguments: impl Iterator<Item = String>) -> Result<(), Error> {
    let arguments: Vec<_> = arguments.collect();
    let keeping = Keeping::of(&arguments)?;
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()?;
    runtime.block_on(async {
        let router = match keeping {
            Keeping::Nothing => without_sessions::router(),
            Keeping::Sessions(address) => this_project::router(address)?,
            Keeping::Number(address) => driver_alone::router(address).await?,
        };
        Ok(serve::serve(router).await?)
    })
}
