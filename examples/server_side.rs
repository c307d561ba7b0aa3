//! Sessions on the server, in a store that several processes share. `cargo run --example server-side` serves it on port
//! 3000, or `PORT`; `-- --store` says which store: `sqlite:FILE`, `redis://…`, `redis+cluster://…`, `postgres://…`,
//! `memory` or `cookie`. Without it that is what `SESSION_STORE` says, or SQLite in a file that is this process' own. `--lease`
//! says for how many seconds a handler may have a session for itself.
//!
//! Start it twice on one store, and both serve the same sessions.

use std::convert::Infallible;
use std::time::Duration;

use axum::extract::Path;
use axum::http::HeaderMap;
use axum::http::header::USER_AGENT;
use axum::response::sse::{Event, Sse};
use futures_util::{Stream, StreamExt, stream};
use session_runtime::prelude::*;
use session_runtime::{Refusal, SessionHandle, StoredSessions};
use tokio::net::TcpListener;

const USER: Key<String> = Key::new("user_id");
const FLASH: Key<String> = Key::new("flash");

const USAGE: &str = "it takes `--store`, with `sqlite:FILE`, `redis://…`, `redis+cluster://…`, `postgres://…`, `memory` or `cookie`, and `--lease`, with whole seconds; or `routes`";

#[get("/login/{user}")]
#[session(renew, permanent)]
async fn login(
    Path(name): Path<String>,
    headers: HeaderMap,
    session: Session,
    #[session(set, key = USER)] user: Slot<String>,
) -> Result<String> {
    user.set(name.clone())?;
    session.set_label(&browser(&headers))?;
    Ok(name)
}

/// The visitor's browser in a few words, for the list of the user's sessions: "Firefox on Linux". Nothing, if it is none that
/// is known here.
fn browser(headers: &HeaderMap) -> String {
    // Chrome says that it is Safari too, and Edge that it is Chrome; Android that it is Linux.
    const BROWSERS: [&str; 4] = ["Edg", "Firefox", "Chrome", "Safari"];
    const SYSTEMS: [&str; 6] = ["Android", "iPhone", "iPad", "Windows", "Mac OS", "Linux"];
    let agent = headers
        .get(USER_AGENT)
        .and_then(|value| value.to_str().ok());
    let said = |names: &[&'static str]| {
        let agent = agent?;
        names.iter().copied().find(|name| agent.contains(name))
    };
    match (said(&BROWSERS), said(&SYSTEMS)) {
        (Some("Edg"), Some(system)) => format!("Edge on {system}"),
        (Some(browser), Some(system)) => format!("{browser} on {system}"),
        _ => String::new(),
    }
}

#[get("/whoami")]
async fn whoami(#[session(key = USER)] user: Option<String>) -> String {
    user.unwrap_or_else(|| "nobody".to_owned())
}

#[post("/logout")]
#[session(clear)]
async fn logout() -> &'static str {
    "ok"
}

/// Writes one value. Requests that write others at the same time do not wait, and lose nothing.
#[put("/key/{name}/{value}")]
async fn set_key(
    session: Session,
    Path((name, value)): Path<(String, String)>,
) -> Result<&'static str> {
    session.set(name, value)?;
    Ok("ok")
}

#[get("/keys")]
async fn keys(session: Session) -> Result<String> {
    let mut names = session.keys();
    names.sort();
    let mut lines = String::new();
    for name in names {
        let value = match session.get::<serde_json::Value>(&name)? {
            Some(serde_json::Value::String(text)) => text,
            Some(other) => other.to_string(),
            // Nothing is removed in this request.
            None => continue,
        };
        lines += &format!("{name}={value}\n");
    }
    Ok(lines)
}

/// Updates a value. Of requests that do so at the same time one has the session, and the others wait for it.
#[post("/visit")]
async fn visit(#[session(default)] visits: &mut u64) -> String {
    *visits += 1;
    visits.to_string()
}

/// Has the session for itself for as long as it sleeps. Others that update it wait meanwhile, but no longer than the lease lasts.
#[post("/work/{milliseconds}")]
async fn work(Path(milliseconds): Path<u64>, #[session(default)] visits: &mut u64) -> String {
    tokio::time::sleep(Duration::from_millis(milliseconds)).await;
    *visits += 1;
    visits.to_string()
}

#[post("/flash/{text}")]
async fn flash(
    Path(text): Path<String>,
    #[session(set, key = FLASH)] flash: Slot<String>,
) -> Result<&'static str> {
    flash.set(text)?;
    Ok("ok")
}

/// Takes the message: of requests that do so at the same time one gets it.
#[get("/flash")]
async fn take_flash(#[session(pop, key = FLASH)] flash: Option<String>) -> String {
    flash.unwrap_or_default()
}

/// Has the session for as long as it sleeps, and changes it then; too late, if the session was ended or renewed meanwhile.
#[post("/slow/{milliseconds}/{name}/{value}")]
async fn slow(
    session: Session,
    Path((milliseconds, name, value)): Path<(u64, String, String)>,
) -> Result<&'static str> {
    tokio::time::sleep(Duration::from_millis(milliseconds)).await;
    session.set(name, value)?;
    Ok("ok")
}

#[post("/renew")]
#[session(renew)]
async fn renew() -> &'static str {
    "ok"
}

/// The sessions of the visitor's user, this one marked. What is shown lets nobody in.
#[get("/sessions")]
async fn sessions(
    session: Session,
    #[session(key = USER)] user: Option<String>,
    axum::Extension(stored): axum::Extension<Option<StoredSessions>>,
) -> Result<String, Refusal> {
    let (Some(stored), Some(user)) = (stored, user) else {
        return Ok(String::new());
    };
    let this = session.id();
    let line = |record: &session_runtime::store::Record| {
        let id = record.id.to_string();
        let mark = if Some(&id) == this.as_ref() {
            " (this)"
        } else {
            ""
        };
        let label = record.label.as_deref().unwrap_or("an unknown browser");
        format!(
            "{id} created={} seen={} {label}{mark}\n",
            record.created_at, record.touched_at
        )
    };
    let records = stored.of_user(&user).await?;
    Ok(records.iter().map(line).collect())
}

#[get("/untouched")]
async fn untouched() -> &'static str {
    "ok"
}

/// An event a second, until the session is over: a stream must not outlive a logout.
#[get("/events")]
async fn events(session: SessionHandle) -> Sse<impl Stream<Item = Result<Event, Infallible>>> {
    let ticks = stream::unfold(0_u64, |tick| async move {
        if tick > 0 {
            tokio::time::sleep(Duration::from_secs(1)).await;
        }
        Some((Ok(Event::default().data(tick.to_string())), tick + 1))
    });
    Sse::new(ticks.take_until(async move { session.ended().await }))
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let routes = routes![
        login, whoami, logout, set_key, keys, visit, work, flash, take_flash, slow, renew,
        sessions, untouched, events
    ];
    let mut arguments = std::env::args().skip(1);
    let (mut store, mut lease) = (None, None);
    while let Some(option) = arguments.next() {
        match (option.as_str(), arguments.next()) {
            ("routes", _) => {
                routes.table().command(std::env::args_os())?;
                return Ok(());
            }
            ("--store", Some(address)) => store = Some(address),
            ("--lease", Some(seconds)) => {
                let seconds = seconds.parse().map_err(|_| USAGE)?;
                lease = Some(Duration::from_secs(seconds));
            }
            _ => return Err(USAGE.into()),
        }
    }

    tracing_subscriber::fmt().init();
    // `SESSION_STORE` is heeded here, as every other variable.
    let mut config = SessionConfig::development()?;
    let is_said = std::env::var_os("SESSION_STORE").is_some_and(|store| !store.is_empty());
    if store.is_some() || !is_said {
        // The one line that moves an application from the cookie to a store.
        config = config.store_at(&store.unwrap_or_else(temporary))?;
    }
    if let Some(lease) = lease {
        config = config.lease(lease);
    }
    let layer = SessionLayer::new(config);
    let stored = layer.stored_sessions();
    if let Some(stored) = &stored {
        stored.prepare().await?;
    }
    let app = routes.with_sessions(layer).layer(axum::Extension(stored));
    let port = std::env::var("PORT").map_or(Ok(3000), |port| port.parse())?;
    let listener = TcpListener::bind(("127.0.0.1", port)).await?;
    println!("http://{}", listener.local_addr()?);
    axum::serve(listener, app).await?;
    Ok(())
}

/// A file of SQLite's that is this process' own.
fn temporary() -> String {
    let name = format!("server-side-{}.sqlite", std::process::id());
    format!("sqlite:{}", std::env::temp_dir().join(name).display())
}
