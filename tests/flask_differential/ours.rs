//! Our side: one request through the layer, in Flask's settings.

use std::collections::BTreeMap;

use axum::http::HeaderValue;
use serde_json::Value;
use serde_json::value::RawValue;
use session_runtime::{Session, SessionError, flask};

use super::data::{Members, unescaped};
use super::exact::{self, Json};
use super::visit::visit;

/// What a handler finds.
#[derive(Debug)]
pub struct Opened {
    /// The values by their names; nothing where a value is a number that JSON does not have.
    pub values: BTreeMap<String, Option<Json>>,
    /// The cookie after one more value, `touched`, was set.
    pub touched: Vec<u8>,
}

/// What the session keeps for itself, and can be asked for all the same.
const RESERVED: [&str; 4] = ["_permanent", "_created", "_epoch", "_fresh"];

/// Opens what a request with this `Cookie` header brings; nothing if no header can hold that.
pub fn open(header: &[u8]) -> Option<Opened> {
    let header = HeaderValue::from_bytes(header).ok()?;
    let answer = visit(&[header], |session| {
        let values = values(session);
        session.set("touched", true).unwrap();
        values
    });
    Some(Opened {
        values: answer.seen,
        touched: answer.cookie.unwrap().as_bytes().to_vec(),
    })
}

/// The `Cookie` header of a visitor for whom these were set.
pub fn mint(members: &Members) -> Vec<u8> {
    let members = members.clone();
    let answer = visit(&[], move |session| {
        for (name, value) in &members {
            flask::set(session, &unescaped(name), value.to_value()).unwrap();
        }
    });
    answer.cookie.unwrap().as_bytes().to_vec()
}

fn values(session: &Session) -> BTreeMap<String, Option<Json>> {
    let reserved = RESERVED.into_iter().map(str::to_owned);
    let names = session
        .keys()
        .into_iter()
        .chain(reserved.filter(|name| session.contains(name)));
    names
        .map(|name| {
            let value = value(session, &name);
            (name, value)
        })
        .collect()
}

fn value(session: &Session, name: &str) -> Option<Json> {
    // As an application would read it; what it makes of the number is not compared.
    let _ = session.get::<Value>(name);
    match session.get::<Box<RawValue>>(name) {
        Ok(value) => Some(exact::read(&value.unwrap())),
        Err(SessionError::WrongType { .. }) => None,
        Err(error) => panic!("{name}: {error}"),
    }
}
