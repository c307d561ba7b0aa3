//! The application with one number in Redis, which it reads and writes through the driver that this project's store has, and with
//! nothing else: no session, no cookie, no limit of time. It knows nothing of this project, and shows what is left to it.

use axum::Router;
use axum::extract::State;
use axum::http::StatusCode;
use axum::routing::{get, post};
use redis::aio::MultiplexedConnection;
use redis::{AsyncCommands as _, RedisError};

use crate::Error;

const COUNT: &str = "count";

type Redis = State<MultiplexedConnection>;
type Result<T> = std::result::Result<T, (StatusCode, String)>;

pub(super) async fn router(address: &str) -> std::result::Result<Router, Error> {
    let client = redis::Client::open(address)?;
    let connection = client.get_multiplexed_async_connection().await?;
    Ok(Router::new()
        .route("/read", get(read))
        .route("/write", post(write))
        .with_state(connection))
}

async fn read(State(mut redis): Redis) -> Result<String> {
    let count: u64 = redis.get(COUNT).await.map_err(said)?;
    Ok(count.to_string())
}

async fn write(State(mut redis): Redis) -> Result<String> {
    let count: Option<u64> = redis.get(COUNT).await.map_err(said)?;
    let count = count.unwrap_or(0) + 1;
    let () = redis.set(COUNT, count).await.map_err(said)?;
    Ok(count.to_string())
}

fn said(error: RedisError) -> (StatusCode, String) {
    (StatusCode::INTERNAL_SERVER_ERROR, error.to_string())
}
