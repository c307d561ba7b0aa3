//! `#[csrf_exempt]`: says on purpose that other sites' pages may send requests to a route. It has no options.

use super::Said;
use super::options::{Options, Vocabulary};
use crate::error::Errors;

const VOCABULARY: Vocabulary = Vocabulary::none("#[csrf_exempt]");

pub(super) fn read(said: Said, errors: &mut Errors) {
    Options::read(said.args, &VOCABULARY, errors);
}
