//! The connections of a store, and how a question finds one: again where the first has ended before it was asked.

use deadpool::Runtime;
use deadpool::managed::{Object, Pool};
use tokio_postgres::Row;
use tokio_postgres::types::ToSql;

use super::connection::Connections;
use super::failure::{Failure, no_connection};
use super::question::Question;
use crate::store::StoreError;

/// How many connections there are at most, unless somebody says otherwise.
pub(super) const CONNECTIONS: usize = 16;

/// Makes the pool, and no connection yet. Another limit takes another pool: one that is resized before it has a connection keeps
/// letting as many ask as before.
pub(super) fn new(connections: Connections, limit: usize) -> Pool<Connections> {
    let timeout = connections.config.get_connect_timeout().copied();
    let pool = Pool::builder(connections)
        .max_size(limit)
        .runtime(Runtime::Tokio1)
        .create_timeout(timeout)
        .build();
    #[expect(
        clippy::expect_used,
        reason = "only a pool without a runtime is refused"
    )]
    pool.expect("a pool with a runtime")
}

/// A connection of the pool.
pub(super) async fn connected(pool: &Pool<Connections>) -> Result<Object<Connections>, StoreError> {
    let connection = pool.get().await;
    connection.map_err(|error| no_connection(error, &pool.manager().servers()))
}

/// Asks on a connection of the pool. A question that cannot have been answered is asked again on another: those that are
/// left may have ended too, and with each attempt there is one less. Where the answer was lost it is asked again once, if that
/// is harmless.
pub(super) async fn ask(
    pool: &Pool<Connections>,
    question: &'static Question,
    parameters: &[&(dyn ToSql + Sync)],
) -> Result<Vec<Row>, StoreError> {
    let mut attempts = pool.status().max_size;
    let mut may_repeat = question.is_repeatable;
    loop {
        let mut connection = connected(pool).await?;
        match connection.ask(question, parameters).await {
            Ok(rows) => return Ok(rows),
            Err(Failure::NothingDone(_)) if attempts > 0 => attempts -= 1,
            Err(Failure::Lost(_)) if may_repeat => may_repeat = false,
            Err(failure) => return Err(failure.into()),
        }
    }
}
