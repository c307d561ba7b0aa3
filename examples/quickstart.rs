//! Log in, be greeted, log out. `cargo run --example quickstart` serves it on port 3000, or `PORT`.

use std::time::Duration;

use session_runtime::prelude::*;
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
    let routes = routes![index, login, logout];
    if routes.table().command(std::env::args_os())? {
        return Ok(());
    }

    tracing_subscriber::fmt().init();
    let hour = Duration::from_secs(60 * 60);
    let config = SessionConfig::development()?.permanent_lifetime(hour);
    let app = routes.with_sessions(SessionLayer::new(config));
    let port = std::env::var("PORT").map_or(Ok(3000), |port| port.parse())?;
    let listener = TcpListener::bind(("127.0.0.1", port)).await?;
    println!("http://{}", listener.local_addr()?);
    axum::serve(listener, app).await?;
    Ok(())
}
