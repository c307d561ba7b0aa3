//! The quickstart beside a Flask application: both read each other's cookies, because both have one `SECRET_KEY` and
//! `SessionConfig::flask` signs as Flask does. `tests/python/flask_app.py` is the other side.

use session_runtime::prelude::*;
use session_runtime::signing::SecretKey;
use tokio::net::TcpListener;

#[get("/")]
async fn index(#[session] user_id: Option<u64>) -> String {
    match user_id {
        Some(id) => format!("Logged in as user {id}"),
        None => "Not logged in".to_owned(),
    }
}

#[get("/login")]
#[session(permanent)]
async fn login(#[session(set)] user_id: Slot<u64>) -> Result<Redirect> {
    user_id.set(12345)?;
    Ok(Redirect::to(&url_for!(index)))
}

#[get("/logout")]
async fn logout(#[session(pop)] user_id: Option<u64>) -> Redirect {
    tracing::info!(user_id, "logged out");
    Redirect::to(&url_for!(index))
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    tracing_subscriber::fmt().init();
    let key = std::env::var("SECRET_KEY")
        .map_err(|_| "set SECRET_KEY to that of the Flask application")?;
    let key = SecretKey::new(key)?;
    let layer = SessionLayer::new(SessionConfig::flask(key));
    let app = routes![index, login, logout].with_sessions(layer);

    let port = std::env::var("PORT").map_or(Ok(3000), |port| port.parse())?;
    let listener = TcpListener::bind(("127.0.0.1", port)).await?;
    println!("http://{}", listener.local_addr()?);
    axum::serve(listener, app).await?;
    Ok(())
}
