//! A `Session` parameter of a `read_only` route reads as before, however it is written.

#![deny(warnings)]

use session_runtime::prelude::*;
use session_runtime::{ReadOnlySession, get};

fn user(session: &ReadOnlySession) -> Result<Option<u64>> {
    session.get("user_id")
}

#[session(read_only)]
#[get("/")]
async fn index(session: Session) -> Result<String> {
    let copy = session.clone();
    Ok(format!("{:?} {:?} {}", user(&session)?, copy.keys(), session.is_empty()))
}

#[get("/full")]
#[session(read_only)]
async fn full(session: session_runtime::Session, body: String) -> String {
    format!("{} {body}", session.contains("user_id"))
}

#[get("/named")]
#[session(read_only)]
async fn named(session: ReadOnlySession) -> bool_text::Text {
    bool_text::text(session.is_permanent())
}

mod bool_text {
    pub(super) type Text = String;

    pub(super) fn text(value: bool) -> Text {
        value.to_string()
    }
}

fn main() {
    let _: Routes<()> = routes![index, full, named];
}
