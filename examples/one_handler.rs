//! An axum application that exists takes sessions for one handler: a layer, one annotation, and nothing else changes.
//! `cargo run --example one_handler` serves it on port 3000, or `PORT`.

use axum::Router;
use axum::routing::get;
use session_runtime::{SessionConfig, SessionLayer, login_required};
use tokio::net::TcpListener;

async fn index() -> &'static str {
    "For everybody"
}

#[login_required]
async fn account() -> &'static str {
    "For whoever is logged in"
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    tracing_subscriber::fmt().init();
    let layer = SessionLayer::new(SessionConfig::development()?);
    let app: Router = Router::new()
        .route("/", get(index))
        .route("/account", get(account))
        .layer(layer);

    let port = std::env::var("PORT").map_or(Ok(3000), |port| port.parse())?;
    let listener = TcpListener::bind(("127.0.0.1", port)).await?;
    println!("http://{}", listener.local_addr()?);
    axum::serve(listener, app).await?;
    Ok(())
}
