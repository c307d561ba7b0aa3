//! Walk-throughs: what to do in which order, for what an application meets once or twice in its life.

pub mod cookie_changes;
