//! What the assertions on routes take: routes, or their table.

use super::routes::Routes;
use super::table::RouteTable;

/// Whatever has a route table.
#[diagnostic::on_unimplemented(
    message = "`{Self}` has no route table",
    label = "give `Routes`, or the `RouteTable` of them",
    note = "a `Router` has lost its table: take it from the `Routes` before `.with_sessions(..)`"
)]
pub trait HasTable {
    #[doc(hidden)]
    fn route_table(&self) -> RouteTable;
}

impl HasTable for RouteTable {
    fn route_table(&self) -> RouteTable {
        self.clone()
    }
}

impl<S: Clone + Send + Sync + 'static> HasTable for Routes<S> {
    fn route_table(&self) -> RouteTable {
        self.table()
    }
}

impl<T: HasTable + ?Sized> HasTable for &T {
    fn route_table(&self) -> RouteTable {
        (**self).route_table()
    }
}
