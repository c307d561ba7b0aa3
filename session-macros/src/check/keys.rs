//! Bindings against each other.

use quote::ToTokens;

use crate::attribute::binding::Key;
use crate::error::{Errors, shown};
use crate::model::Contract;

/// Two bindings of one key would each hold a copy of the value, and the last to be written back would win.
pub(super) fn each_key_is_bound_once(contract: &Contract, errors: &mut Errors) {
    if contract.bindings.len() < 2 {
        return;
    }
    let mut seen = Vec::new();
    for binding in &contract.bindings {
        let key = match &binding.key {
            Key::Literal(literal) => format!("\"{}\"", literal.value()),
            Key::Constant(path) => shown(path),
        };
        if seen.contains(&key) {
            let place = match &binding.key {
                Key::Literal(literal) => literal.to_token_stream(),
                Key::Constant(path) => path.to_token_stream(),
            };
            errors.over(
                &place,
                format!("the key {key} is bound by another parameter already; bind each key once"),
            );
        } else {
            seen.push(key);
        }
    }
}
