//! This project, with the settings that it recommends.

use serde_json::Value;
use session_runtime::prelude::*;
use session_runtime::signing::SecretKey;

use super::{Contender, Role, axum_alone};
use crate::app::served;
use crate::data::{self, LOGGED_IN, NOBODY};

pub(super) const CONTENDER: Contender = Contender {
    id: "session-runtime",
    name: "**session-runtime**",
    role: Role::ThisProject,
    base_line: axum_alone::ID,
    app: || {
        let config = SessionConfig::new(SecretKey::generate());
        let routes = routes![untouched, read, change, login, fill_small, fill_big];
        Box::new(served(routes.with_sessions(SessionLayer::new(config))))
    },
};

#[get("/untouched")]
async fn untouched() -> &'static str {
    "untouched"
}

#[get("/read")]
async fn read(#[session] user_id: Option<u64>) -> String {
    match user_id {
        Some(user) => user.to_string(),
        None => NOBODY.to_owned(),
    }
}

#[post("/change")]
async fn change(#[session(default)] visits: &mut u64) -> String {
    *visits += 1;
    visits.to_string()
}

#[post("/login")]
async fn login(#[session(set)] user_id: Slot<u64>) -> Result<&'static str> {
    user_id.set(LOGGED_IN)?;
    Ok("welcome")
}

#[post("/fill/small")]
async fn fill_small(session: Session) -> Result<()> {
    fill(&session, data::small())
}

#[post("/fill/big")]
async fn fill_big(session: Session) -> Result<()> {
    fill(&session, data::big())
}

fn fill(session: &Session, data: Vec<(&'static str, Value)>) -> Result<()> {
    data.into_iter()
        .try_for_each(|(key, value)| session.set(key, value))
}
