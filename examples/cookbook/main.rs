//! A cookbook that several people write: pages for everybody, a login, recipes that only their author changes, a shopping
//! list, and a part for editors. `cargo run --example cookbook` serves it on port 3000, or `PORT`.

mod accounts;
mod admin;
mod book;
mod guards;
mod keys;
mod page;
mod recipes;
mod shopping;
#[cfg(test)]
mod tests;

use axum::Router;
use session_runtime::prelude::*;
use tokio::net::TcpListener;

use book::Book;

fn routes() -> Routes<Book> {
    Routes::new()
        .merge(recipes::routes())
        .merge(shopping::routes())
        .merge(accounts::routes())
        .nest("/admin", admin::routes())
}

fn app(sessions: SessionLayer) -> Router {
    routes()
        .with_sessions(sessions)
        .with_state(Book::with_samples())
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    if routes().table().command(std::env::args_os())? {
        return Ok(());
    }

    tracing_subscriber::fmt().init();
    let config = SessionConfig::development()?.login_page("/login")?;
    let port = std::env::var("PORT").map_or(Ok(3000), |port| port.parse())?;
    let listener = TcpListener::bind(("127.0.0.1", port)).await?;
    println!("http://{}", listener.local_addr()?);
    axum::serve(listener, app(SessionLayer::new(config))).await?;
    Ok(())
}
