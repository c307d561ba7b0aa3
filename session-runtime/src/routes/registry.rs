//! The tables of all routers in the process, each by a number: what is lent to a request names its table so, since to share it
//! would cost each request. It knows no request.

use std::sync::{Arc, PoisonError, RwLock, Weak};

use super::table::{Entry, RouteTable};

static TABLES: RwLock<Tables> = RwLock::new(Tables {
    registered: 0,
    alive: Vec::new(),
});

struct Tables {
    /// How many there have been, so that no two get one number.
    registered: u64,
    alive: Vec<(TableId, Weak<[Entry]>)>,
}

/// Names a table.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct TableId(u64);

/// Gives a number to the table of a router that is being made.
pub(super) fn register(table: &RouteTable) -> TableId {
    let mut tables = TABLES.write().unwrap_or_else(PoisonError::into_inner);
    tables.alive.retain(|(_, table)| table.strong_count() > 0);
    let id = TableId(tables.registered);
    tables.registered += 1;
    tables.alive.push((id, Arc::downgrade(&table.entries)));
    id
}

/// The table of this number, as long as there is a router of it.
pub(super) fn table(id: TableId) -> Option<RouteTable> {
    let tables = TABLES.read().unwrap_or_else(PoisonError::into_inner);
    let (_, table) = tables.alive.iter().find(|(table, _)| *table == id)?;
    alive(table)
}

/// The tables of all routers that there are.
pub(super) fn tables() -> Vec<RouteTable> {
    let tables = TABLES.read().unwrap_or_else(PoisonError::into_inner);
    let tables = tables.alive.iter();
    tables.filter_map(|(_, table)| alive(table)).collect()
}

fn alive(table: &Weak<[Entry]>) -> Option<RouteTable> {
    let entries = table.upgrade()?;
    Some(RouteTable { entries })
}
