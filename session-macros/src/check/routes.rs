//! The routes of one function against each other.

use crate::error::Errors;
use crate::model::Contract;

/// The router would panic at the second.
pub(super) fn each_route_is_given_once(contract: &Contract, errors: &mut Errors) {
    let served: usize = contract
        .routes
        .iter()
        .map(|route| route.methods.len())
        .sum();
    if served < 2 {
        return;
    }
    let mut seen = Vec::new();
    for route in &contract.routes {
        for (method, span) in &route.methods {
            let (method, path) = (method.text(), route.path.value());
            if seen.contains(&(method, path.clone())) {
                errors.at(
                    *span,
                    format!("this function serves `{method} {path}` already; drop one of the two"),
                );
            } else {
                seen.push((method, path));
            }
        }
    }
}
