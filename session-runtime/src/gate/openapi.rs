//! What a gate and its neighbours in a handler's signature mean for the client of an API, as OpenAPI has it. Knows guards, and no
//! route.

use super::contract::GuardInfo;

/// The statuses with which these guards refuse a request, each with its description.
pub(crate) fn refusals<'a>(
    guards: impl Iterator<Item = &'a GuardInfo> + Clone,
) -> impl Iterator<Item = (u16, &'static str)> {
    let wants_login = guards.clone().any(GuardInfo::is_login);
    let asks_more = guards
        .clone()
        .any(|guard| !guard.is_login() || guard.needs_user());
    let login = wants_login.then_some((401, "Nobody is logged in"));
    let guard = asks_more.then_some((403, "A guard does not let this request through"));
    login.into_iter().chain(guard)
}

#[cfg(feature = "aide")]
mod aide {
    use ::aide::generate::GenContext;
    use ::aide::openapi::{Operation, Response};
    use ::aide::{OperationInput, OperationOutput};

    use super::refusals;
    use crate::gate::{Contract, Declaration, Gate};
    use crate::layer::{Refusal, SessionHandle};
    use crate::login::{AuthUser, CurrentUser};
    use crate::session::{ReadOnlySession, Session, SessionError};

    /// What the handler's own guards answer. Those of a group around it are not known here, nor is a security scheme.
    impl<C: Contract> OperationInput for Gate<C> {
        fn inferred_early_responses(
            _: &mut GenContext,
            _: &mut Operation,
        ) -> Vec<(Option<u16>, Response)> {
            refusals(C::INFO.guards.iter())
                .map(|(status, description)| (Some(status), described(description)))
                .collect()
        }
    }

    impl OperationInput for Session {}

    impl OperationInput for ReadOnlySession {}

    impl OperationInput for SessionHandle {}

    impl<U: AuthUser> OperationInput for CurrentUser<U> {}

    impl OperationOutput for SessionError {
        type Inner = Self;
    }

    impl OperationOutput for Refusal {
        type Inner = Self;
    }

    fn described(description: &str) -> Response {
        Response {
            description: description.to_owned(),
            ..Response::default()
        }
    }
}
