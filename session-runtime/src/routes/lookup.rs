//! Which table `url_for!` asks: the one of the router that serves the request, else the only one in the process.
//!
//! So several routers in one process, and one router nested twice, each give right addresses.

use std::fmt;

use super::lending::lent;
use super::registry::{table, tables};
use super::url::{UrlError, fill};
use crate::gate::{Contract, Declaration};

/// What `url_for!` calls once its parameters are checked.
///
/// # Panics
///
/// No router of this process has the handler, or, outside a request, several have it in different places.
#[track_caller]
#[expect(
    clippy::panic,
    reason = "a route that no router has is a mistake in the program; `RouteTable::url_for` returns it"
)]
pub fn url_for<C: Contract>(values: &[(&str, &dyn fmt::Display)]) -> String {
    match find::<C>(values) {
        Ok(address) => address,
        Err(error) => panic!("url_for!: {error}"),
    }
}

fn find<C: Contract>(values: &[(&str, &dyn fmt::Display)]) -> Result<String, UrlError> {
    let handler = C::INFO.name();
    let lent = lent().and_then(|(id, mount)| Some((table(id)?.path_of::<C>()?, mount)));
    match lent {
        Some((path, mount)) => fill(handler, &mount, &path, values),
        // Not served by us, or by a router that does not have the handler: a sibling may.
        None => fill(handler, "", &path_in_process::<C>()?, values),
    }
}

/// The handler's path, if all routers that have it agree on it.
fn path_in_process<C: Contract>() -> Result<String, UrlError> {
    let handler = C::INFO.name();
    let mut paths = tables()
        .into_iter()
        .filter_map(|table| table.path_of::<C>());
    let first = paths.next().ok_or(UrlError::NotRouted { handler })?;
    match paths.find(|path| *path != first) {
        Some(second) => Err(UrlError::Several {
            handler,
            first,
            second,
        }),
        None => Ok(first),
    }
}
