//! Guards against each other, and against what else is said about who may call.

use crate::error::Errors;
use crate::model::Contract;

/// `#[public]` and a guard each say who may call; a reader must not have to know which of them wins.
pub(super) fn public_is_not_guarded(contract: &Contract, errors: &mut Errors) {
    let Some(public) = &contract.public else {
        return;
    };
    let login = contract
        .login
        .iter()
        .map(|login| (login.order, login.value.span, "login_required"));
    let own = contract
        .guards
        .iter()
        .map(|guard| (guard.order, guard.value.span, "guard"));
    let Some((order, span, name)) = login.chain(own).min_by_key(|(order, ..)| *order) else {
        return;
    };
    let (span, first) = if public.order > order {
        (public.value, name)
    } else {
        (span, "public")
    };
    errors.at(
        span,
        format!("this contradicts `#[{first}]` on the same function; keep one of them"),
    );
}

/// Asking twice says nothing more, so one of the two was meant to be another.
pub(super) fn each_guard_is_given_once(contract: &Contract, errors: &mut Errors) {
    let mut seen = Vec::new();
    for guard in &contract.guards {
        let guard = &guard.value;
        if seen.contains(&&guard.text) {
            errors.over(
                &guard.written,
                format!(
                    "the guard `{}` stands on this function already; write it once",
                    guard.text
                ),
            );
        } else {
            seen.push(&guard.text);
        }
    }
}
