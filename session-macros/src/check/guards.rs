//! Guards against what else is said about who may call.

use crate::error::Errors;
use crate::model::Contract;

/// `#[public]` and `#[login_required]` each say who may call; a reader must not have to know which of them wins.
pub(super) fn public_is_not_guarded(contract: &Contract, errors: &mut Errors) {
    let (Some(public), Some(login)) = (&contract.public, &contract.login) else {
        return;
    };
    let (span, first) = if public.order > login.order {
        (public.value, "login_required")
    } else {
        (login.value.span, "public")
    };
    errors.at(
        span,
        format!("this contradicts `#[{first}]` on the same function; keep one of them"),
    );
}
