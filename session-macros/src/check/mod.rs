//! Rules that need two things at once: two attributes, or an attribute and a parameter. A function each, its reason
//! above it. What one attribute can get wrong by itself was said when it was read.

mod guards;
mod keys;
mod routes;
mod whole_session;

use crate::error::Errors;
use crate::item::Function;
use crate::model::Contract;

/// Reports every rule that the contract breaks.
pub(crate) fn check(contract: &Contract, function: &Function, errors: &mut Errors) {
    guards::public_is_not_guarded(contract, errors);
    guards::each_guard_is_given_once(contract, errors);
    keys::each_key_is_bound_once(contract, errors);
    routes::each_route_is_given_once(contract, errors);
    routes::a_part_of_the_path_is_not_the_body(contract, function, errors);
    whole_session::read_only_changes_nothing(contract, errors);
    whole_session::a_cleared_session_lends_nothing(contract, errors);
}
