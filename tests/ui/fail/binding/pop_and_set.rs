//! Two options that contradict each other.

use session_runtime::prelude::*;

#[get("/")]
async fn index(#[session(pop, set)] notice: Slot<String>) {
    drop(notice);
}

fn main() {}
