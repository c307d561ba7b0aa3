//! What is refused, and in which words.

mod handlers;
mod options;
mod parameters;

use proc_macro2::TokenStream;

use super::{expand_all, sentences};

/// Each mistake gets exactly one sentence, and that sentence has these words in it.
fn refuses(item: TokenStream, words: &str) {
    let shown = item.to_string();
    let said = sentences(expand_all(item));
    assert_eq!(said.len(), 1, "{shown}: {said:#?}");
    assert!(said[0].contains(words), "{shown}: {said:#?}");
}
