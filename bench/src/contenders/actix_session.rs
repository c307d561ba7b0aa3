//! actix-session with its store in a signed cookie. Each value is JSON inside JSON.

use actix_session::config::CookieContentSecurity;
use actix_session::storage::CookieSessionStore;
use actix_session::{Session, SessionMiddleware};
use actix_web::cookie::{Key, SameSite};
use actix_web::test::init_service;
use actix_web::{App, Result, web};
use serde_json::Value;

use super::{Contender, Role, actix_alone};
use crate::app::Actix;
use crate::data::{self, LOGGED_IN, NOBODY};
use crate::visit::COOKIE;

pub(super) const CONTENDER: Contender = Contender {
    id: "actix-session",
    name: "actix-session 0.11, signed",
    role: Role::CookiePeer,
    base_line: actix_alone::ID,
    app: || {
        let sessions = SessionMiddleware::builder(CookieSessionStore::default(), Key::generate())
            .cookie_name(COOKIE.to_owned())
            .cookie_content_security(CookieContentSecurity::Signed)
            .cookie_same_site(SameSite::Lax)
            .build();
        let app = App::new()
            .wrap(sessions)
            .route("/untouched", web::get().to(async || "untouched"))
            .route("/read", web::get().to(read))
            .route("/change", web::post().to(change))
            .route("/login", web::post().to(login))
            .route("/fill/small", web::post().to(fill_small))
            .route("/fill/big", web::post().to(fill_big));
        Box::new(Actix::new(init_service(app)))
    },
};

async fn read(session: Session) -> Result<String> {
    Ok(match session.get::<u64>("user_id")? {
        Some(user) => user.to_string(),
        None => NOBODY.to_owned(),
    })
}

async fn change(session: Session) -> Result<String> {
    let visits = session.get::<u64>("visits")?.unwrap_or(0) + 1;
    session.insert("visits", visits)?;
    Ok(visits.to_string())
}

async fn login(session: Session) -> Result<&'static str> {
    session.insert("user_id", LOGGED_IN)?;
    Ok("welcome")
}

async fn fill_small(session: Session) -> Result<&'static str> {
    fill(&session, data::small())
}

async fn fill_big(session: Session) -> Result<&'static str> {
    fill(&session, data::big())
}

fn fill(session: &Session, data: Vec<(&'static str, Value)>) -> Result<&'static str> {
    for (key, value) in data {
        session.insert(key, value)?;
    }
    Ok("")
}
