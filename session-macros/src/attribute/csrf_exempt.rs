//! `#[csrf_exempt]`: opts one route out of the cross-site check.

use super::Said;
use super::options::{Options, Vocabulary};
use crate::error::Errors;

const VOCABULARY: Vocabulary = Vocabulary::none("#[csrf_exempt]");

pub(super) fn read(said: Said, errors: &mut Errors) {
    Options::read(said.args, &VOCABULARY, errors);
}
