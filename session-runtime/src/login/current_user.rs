//! The user who makes the request, as an extractor.

use std::any::type_name;
use std::ops::Deref;

use axum::extract::{FromRequestParts, OptionalFromRequestParts};
use http::request::Parts;

use super::standing::{Standing, standing, users};
use super::stranger::answer_to_stranger;
use super::user::AuthUser;
use crate::layer::Refusal;
use crate::session::Session;

/// The user who is logged in.
///
/// The layer's [`UserLoader`](crate::UserLoader) loads it, once in a request; a handler behind `#[login_required]` is handed
/// the one that its guard has seen. Where nobody is logged in the request is refused as `#[login_required]` refuses it;
/// `Option<CurrentUser<User>>` is for pages that greet users and serve strangers too.
///
/// ```
/// use session_runtime::prelude::*;
/// # #[derive(Clone)] struct User { name: String }
/// # impl AuthUser for User { type Id = u64; fn id(&self) -> u64 { 1 } }
///
/// #[get("/")]
/// async fn index(user: Option<CurrentUser<User>>) -> String {
///     match user {
///         Some(user) => format!("Hello, {}!", user.name),
///         None => "Hello!".to_owned(),
///     }
/// }
///
/// #[get("/account")]
/// #[login_required]
/// async fn account(CurrentUser(user): CurrentUser<User>) -> String {
///     user.name
/// }
/// ```
#[derive(Clone, Debug)]
pub struct CurrentUser<U>(
    /// The user.
    pub U,
);

impl<U> Deref for CurrentUser<U> {
    type Target = U;

    fn deref(&self) -> &U {
        &self.0
    }
}

impl<S: Sync, U: AuthUser> FromRequestParts<S> for CurrentUser<U> {
    type Rejection = Refusal;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Refusal> {
        let (session, user) = current(parts, state).await?;
        user.ok_or_else(|| answer_to_stranger(session.settings().login_page.as_deref(), parts))
    }
}

impl<S: Sync, U: AuthUser> OptionalFromRequestParts<S> for CurrentUser<U> {
    type Rejection = Refusal;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Option<Self>, Refusal> {
        Ok(current(parts, state).await?.1)
    }
}

async fn current<S: Sync, U: AuthUser>(
    parts: &mut Parts,
    state: &S,
) -> Result<(Session, Option<CurrentUser<U>>), Refusal> {
    let session = Session::from_request_parts(parts, state).await?;
    // What is said of a user is nobody else's.
    session.set_guarded();
    let no_users = |had: String| Refusal::NoUsers {
        handler: session.handler(),
        wanted: format!("a `CurrentUser<{}>`", type_name::<U>()),
        had,
    };
    let Some(users) = users(&session) else {
        return Err(no_users("and its layer loads no users".to_owned()));
    };
    let user = match standing(&session).await? {
        Standing::Stranger | Standing::Unknown => None,
        Standing::User(user) => match user.as_any().downcast_ref::<U>() {
            Some(user) => Some(CurrentUser(user.clone())),
            None => {
                return Err(no_users(format!(
                    "and its layer loads `{}`",
                    users.user_type()
                )));
            }
        },
    };
    Ok((session, user))
}
