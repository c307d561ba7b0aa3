//! What can be a handler in `routes![]`. It is whatever axum takes, no more and no less.
//!
//! axum's own bound fails as "the trait `Handler<_, _>` is not implemented". Here the function, each parameter and the
//! answer have a bound of their own, so that what fails is one sentence at the handler's name in the list. The traits mirror
//! axum's and are implemented for whatever implements those.

use std::future::ready;

use axum::extract::{FromRequest, FromRequestParts, Request};
use axum::response::{IntoResponse, Response};
use http::request::Parts;

use crate::gate::{Asks, Behind, Contract, Gate, Open};
use crate::layer::Arriving;

/// A parameter before the last.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be a parameter of a handler here",
    label = "this handler's parameter `{Self}` is not an extractor, or not in the right place",
    note = "for a session value, write `#[session]` before the parameter",
    note = "only the last parameter may read the body: if `{Self}` does, move it to the end",
    note = "`State<T>` needs the router's state, `{S}`, to be `T` or to implement `FromRef` for it",
    note = "`Path<T>`, `Query<T>`, `Form<T>` and `Json<T>` need `T` to be `serde::Deserialize`, and `CurrentUser<T>` an `AuthUser`"
)]
pub trait Parameter<S>: Sized + Send {
    #[doc(hidden)]
    fn extract(parts: &mut Parts, state: &S)
    -> impl Future<Output = Result<Self, Response>> + Send;
}

#[diagnostic::do_not_recommend]
impl<S: Send + Sync, T: FromRequestParts<S> + Send> Parameter<S> for T {
    async fn extract(parts: &mut Parts, state: &S) -> Result<Self, Response> {
        T::from_request_parts(parts, state)
            .await
            .map_err(IntoResponse::into_response)
    }
}

/// The last parameter, which may read the body.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be a parameter of a handler",
    label = "this handler's parameter `{Self}` is not an extractor",
    note = "for a session value, write `#[session]` before the parameter",
    note = "`State<T>` needs the router's state, `{S}`, to be `T` or to implement `FromRef` for it",
    note = "`Path<T>`, `Query<T>`, `Form<T>` and `Json<T>` need `T` to be `serde::Deserialize`, and `CurrentUser<T>` an `AuthUser`"
)]
pub trait LastParameter<S, Via>: Sized + Send {
    #[doc(hidden)]
    fn extract(request: Request, state: &S) -> impl Future<Output = Result<Self, Response>> + Send;
}

#[diagnostic::do_not_recommend]
impl<S: Send + Sync, Via, T: FromRequest<S, Via> + Send> LastParameter<S, Via> for T {
    async fn extract(request: Request, state: &S) -> Result<Self, Response> {
        T::from_request(request, state)
            .await
            .map_err(IntoResponse::into_response)
    }
}

/// What a handler answers.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be the answer of a handler",
    label = "this handler returns `{Self}`, which does not implement `axum::response::IntoResponse`",
    note = "of a `Result` the value has to implement it, and the error too: `Box<dyn Error>` does not, an enum of the application's may"
)]
pub trait Answer {
    #[doc(hidden)]
    fn answer(self) -> Response;
}

#[diagnostic::do_not_recommend]
impl<T: IntoResponse> Answer for T {
    fn answer(self) -> Response {
        self.into_response()
    }
}

/// All parameters of a handler.
pub trait Extract<S, Via>: Sized + Send {
    /// The parameters, where there is nothing to wait for.
    #[doc(hidden)]
    fn at_once() -> Option<Self> {
        None
    }

    #[doc(hidden)]
    fn extract(
        arriving: &mut Arriving<'_>,
        state: S,
    ) -> impl Future<Output = Result<Self, Response>> + Send + use<Self, S, Via>;
}

/// That a contract and a function belong together: `routes![a]` names both by one name, and a local variable of that name
/// would otherwise slip in, unguarded, beside the guarded contract.
///
/// The gate is made here and not as a parameter among others, so that what fails is the guard that does not fit the
/// router's state, by its own name.
#[diagnostic::on_unimplemented(
    message = "`{C}` declares guards or session values, and the function called `{C}` here does not begin with their gate",
    label = "this is not the function that the attributes were put on",
    note = "is there a local variable or an import of the same name?"
)]
pub trait Fronts<C, Front, S, Via>: Sized + Send {
    /// The parameters, where neither the gate nor an extractor waits for anything or can refuse.
    #[doc(hidden)]
    fn at_once(arriving: &mut Arriving<'_>) -> Option<Self>;

    #[doc(hidden)]
    fn extract(
        arriving: &mut Arriving<'_>,
        state: S,
    ) -> impl Future<Output = Result<Self, Response>> + Send + use<Self, C, Front, S, Via>;
}

/// All parameters of a handler that begins with its gate. A trait of its own, so that of [`Fronts`] there are two
/// implementations: the compiler lists them all beside whatever fails.
pub trait ExtractBehind<C, Front, S, Via>: Sized + Send {
    /// See [`Fronts::at_once`].
    #[doc(hidden)]
    fn at_once(_: &mut Arriving<'_>) -> Option<Self> {
        None
    }

    #[doc(hidden)]
    fn extract(
        arriving: &mut Arriving<'_>,
        state: S,
    ) -> impl Future<Output = Result<Self, Response>> + Send + use<Self, C, Front, S, Via>;
}

// Recommended: what fails is a parameter, and that is what is to be read.
impl<C, Arity, S, Via, Parameters> Fronts<C, (Open, Arity), S, Via> for Parameters
where
    Parameters: Extract<S, Via>,
{
    fn at_once(_: &mut Arriving<'_>) -> Option<Self> {
        <Parameters as Extract<S, Via>>::at_once()
    }

    fn extract(
        arriving: &mut Arriving<'_>,
        state: S,
    ) -> impl Future<Output = Result<Self, Response>> + Send + use<C, Arity, S, Via, Parameters>
    {
        <Parameters as Extract<S, Via>>::extract(arriving, state)
    }
}

impl<C, Guards, Arity, S, Via, Parameters> Fronts<C, (Behind<Guards>, Arity), S, Via> for Parameters
where
    Parameters: ExtractBehind<C, (Behind<Guards>, Arity), S, Via>,
{
    fn at_once(arriving: &mut Arriving<'_>) -> Option<Self> {
        <Parameters as ExtractBehind<C, (Behind<Guards>, Arity), S, Via>>::at_once(arriving)
    }

    fn extract(
        arriving: &mut Arriving<'_>,
        state: S,
    ) -> impl Future<Output = Result<Self, Response>> + Send + use<C, Guards, Arity, S, Via, Parameters>
    {
        <Parameters as ExtractBehind<C, (Behind<Guards>, Arity), S, Via>>::extract(arriving, state)
    }
}

#[diagnostic::do_not_recommend]
impl<S> Extract<S, ()> for () {
    fn at_once() -> Option<Self> {
        Some(())
    }

    fn extract(
        _: &mut Arriving<'_>,
        _: S,
    ) -> impl Future<Output = Result<Self, Response>> + Send + use<S> {
        ready(Ok(()))
    }
}

// Its own marker where there is nothing but the gate, so that `Via` is known.
impl<C, Front, S> ExtractBehind<C, Front, S, ()> for (Gate<C>,)
where
    C: Contract<Front = Front>,
    Front: Asks<C, S>,
    S: Send + Sync + 'static,
{
    fn at_once(arriving: &mut Arriving<'_>) -> Option<Self> {
        Gate::passed(arriving).map(|gate| (gate,))
    }

    fn extract(
        arriving: &mut Arriving<'_>,
        state: S,
    ) -> impl Future<Output = Result<Self, Response>> + Send + use<C, Front, S> {
        Gate::passing(arriving, state)
    }
}

macro_rules! parameters {
    (@extract $request:ident $state:ident; $last:ident) => {
        async move { Ok(($last::extract($request, &$state).await?,)) }
    };
    (@extract $request:ident $state:ident $($parameter:ident)+; $last:ident) => {{
        let (mut parts, body) = $request.into_parts();
        async move {
            $(let $parameter = $parameter::extract(&mut parts, &$state).await?;)+
            let $last = $last::extract(Request::from_parts(parts, body), &$state).await?;
            Ok(($($parameter,)+ $last,))
        }
    }};
    ($($parameter:ident)*; $last:ident) => {
        // Recommended, unlike the others: what fails is one parameter, and that is what is to be read.
        impl<S, Via, $($parameter,)* $last> Extract<S, Via> for ($($parameter,)* $last,)
        where
            S: Send + Sync,
            $($parameter: Parameter<S>,)*
            $last: LastParameter<S, Via>,
        {
            #[allow(non_snake_case, reason = "a variable for each type")]
            fn extract(
                arriving: &mut Arriving<'_>,
                state: S,
            ) -> impl Future<Output = Result<Self, Response>> + Send + use<S, Via, $($parameter,)* $last> {
                let request = arriving.take_request();
                parameters!(@extract request state $($parameter)*; $last)
            }
        }

        impl<C, Front, S, Via, $($parameter,)* $last> ExtractBehind<C, Front, S, Via> for (Gate<C>, $($parameter,)* $last,)
        where
            C: Contract<Front = Front>,
            Front: Asks<C, S>,
            S: Send + Sync,
            $($parameter: Parameter<S>,)*
            $last: LastParameter<S, Via>,
        {
            #[allow(non_snake_case, reason = "a variable for each type")]
            fn extract(
                arriving: &mut Arriving<'_>,
                state: S,
            ) -> impl Future<Output = Result<Self, Response>> + Send + use<C, Front, S, Via, $($parameter,)* $last> {
                let (mut parts, body) = arriving.take_request().into_parts();
                async move {
                    let gate = Gate::from_request_parts(&mut parts, &state).await?;
                    $(let $parameter = $parameter::extract(&mut parts, &state).await?;)*
                    let $last = $last::extract(Request::from_parts(parts, body), &state).await?;
                    Ok((gate, $($parameter,)* $last,))
                }
            }
        }
    };
}

parameters!(; L);
parameters!(A1; L);
parameters!(A1 A2; L);
parameters!(A1 A2 A3; L);
parameters!(A1 A2 A3 A4; L);
parameters!(A1 A2 A3 A4 A5; L);
parameters!(A1 A2 A3 A4 A5 A6; L);
parameters!(A1 A2 A3 A4 A5 A6 A7; L);
parameters!(A1 A2 A3 A4 A5 A6 A7 A8; L);
parameters!(A1 A2 A3 A4 A5 A6 A7 A8 A9; L);
parameters!(A1 A2 A3 A4 A5 A6 A7 A8 A9 A10; L);
parameters!(A1 A2 A3 A4 A5 A6 A7 A8 A9 A10 A11; L);
parameters!(A1 A2 A3 A4 A5 A6 A7 A8 A9 A10 A11 A12; L);
parameters!(A1 A2 A3 A4 A5 A6 A7 A8 A9 A10 A11 A12 A13; L);
parameters!(A1 A2 A3 A4 A5 A6 A7 A8 A9 A10 A11 A12 A13 A14; L);
parameters!(A1 A2 A3 A4 A5 A6 A7 A8 A9 A10 A11 A12 A13 A14 A15; L);
