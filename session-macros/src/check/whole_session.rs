//! What a route does to the session as a whole against what it does to single values.

use proc_macro2::Span;
use quote::ToTokens;
use syn::spanned::Spanned;

use crate::attribute::binding::Key;
use crate::error::Errors;
use crate::model::Contract;
use crate::model::binding::{Access, Binding};

/// `read_only` is a promise to readers and to the store, which takes no lease for such a route.
pub(super) fn read_only_changes_nothing(contract: &Contract, errors: &mut Errors) {
    if contract.session.read_only.is_none() {
        return;
    }
    for (option, span) in contract.session.changes() {
        errors.at(
            span,
            format!(
                "`{option}` changes the session, and this route is `read_only`; drop one of them"
            ),
        );
    }
    if let Some(span) = contract.session.lock {
        errors.at(span, "`lock` holds the session for a change, and this route is `read_only`; drop one of them");
    }
    for binding in &contract.bindings {
        let does = match binding.access {
            Access::Read => continue,
            Access::Update => "`&mut` writes the value back",
            Access::Take => "`pop` removes the value",
            Access::Write => "`set` writes the value",
        };
        errors.at(place(binding), format!("{does}, and this route is `#[session(read_only)]`; read the value, or drop `read_only`"));
    }
}

/// `clear` empties the session when the handler is entered; a value lent before would be written back into it.
pub(super) fn a_cleared_session_lends_nothing(contract: &Contract, errors: &mut Errors) {
    if contract.session.clear.is_none() {
        return;
    }
    for binding in contract
        .bindings
        .iter()
        .filter(|binding| binding.access == Access::Update)
    {
        errors.at(place(binding), "this route clears the session, so `&mut` would write an old value back into it; read the value instead, or use `#[session(set)]`");
    }
}

/// The parameter's key, which is its name unless it says another.
fn place(binding: &Binding) -> Span {
    match &binding.key {
        Key::Literal(literal) => literal.span(),
        Key::Constant(path) => path.to_token_stream().span(),
    }
}
