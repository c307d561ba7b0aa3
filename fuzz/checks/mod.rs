//! What must hold of any input, a file for each fuzz target. `tests/fuzz_corpus.rs` runs the same checks on the corpus that
//! is kept, without a fuzzer. A check panics where something does not hold.

pub mod cookie_header;
#[cfg(feature = "encrypted")]
pub mod sealed;
pub mod tagged_json;
pub mod token;

#[path = "../../tests/exact/mod.rs"]
mod exact;
#[path = "../../tests/forge/mod.rs"]
mod forge;
#[path = "../../tests/visit/mod.rs"]
mod visit;
