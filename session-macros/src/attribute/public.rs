//! `#[public]`: says on purpose that anyone may call a route.

use super::Said;
use super::options::{Options, Vocabulary};
use crate::error::Errors;

const VOCABULARY: Vocabulary = Vocabulary::none("#[public]");

pub(super) fn read(said: Said, errors: &mut Errors) {
    Options::read(said.args, &VOCABULARY, errors);
}
