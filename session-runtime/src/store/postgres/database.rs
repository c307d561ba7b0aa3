//! The database that a store asks: its connections, and that its tables are there before the first question.

use std::sync::Arc;

use deadpool::managed::Pool;
use tokio::sync::OnceCell;
use tokio_postgres::Row;
use tokio_postgres::types::ToSql;

use super::connection::Connections;
use super::question::Question;
use super::{pool, schema};
use crate::store::StoreError;

#[derive(Clone)]
pub(super) struct Database {
    pool: Pool<Connections>,
    prepared: Arc<OnceCell<()>>,
}

impl Database {
    pub(super) fn new(pool: Pool<Connections>) -> Self {
        Self {
            pool,
            prepared: Arc::default(),
        }
    }

    pub(super) fn pool(&self) -> &Pool<Connections> {
        &self.pool
    }

    /// Makes the tables, or checks them, unless that has been done.
    pub(super) async fn prepare(&self) -> Result<(), StoreError> {
        if self.prepared.initialized() {
            return Ok(());
        }
        // Boxed, since it happens once and is else a part of every question's future.
        let prepare = self
            .prepared
            .get_or_try_init(|| schema::prepare(&self.pool));
        Box::pin(prepare).await.copied()
    }

    pub(super) async fn ask(
        &self,
        question: &'static Question,
        parameters: &[&(dyn ToSql + Sync)],
    ) -> Result<Vec<Row>, StoreError> {
        self.prepare().await?;
        // Boxed by itself: the driver's part is large, and the allocator is quick with what is small. Whoever is answered in
        // a batch has none of it.
        Box::pin(pool::ask(&self.pool, question, parameters)).await
    }

    /// How many rows there were.
    pub(super) async fn count(
        &self,
        question: &'static Question,
        parameters: &[&(dyn ToSql + Sync)],
    ) -> Result<u64, StoreError> {
        let rows = self.ask(question, parameters).await?;
        Ok(rows.len().try_into().unwrap_or(u64::MAX))
    }
}
