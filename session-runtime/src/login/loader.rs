//! Where users come from: the application's loader, and how the layer carries it.
//!
//! The layer carries it and not the router's state, for three reasons. The layer has no type parameter, so that neither may
//! this. A plain `#[login_required]` asks the user's epoch too, and its guard stands in front of routes of any state. And one
//! layer is one kind of session, so that two kinds of users, each with a layer, never meet.

use std::any::type_name;
use std::fmt;
use std::pin::Pin;
use std::sync::Arc;

use serde_json::Value;

use super::user::{AnyUser, AuthUser};
use crate::layer::{Refusal, SessionLayer};

/// Loads the application's users, most often from its database.
///
/// [`SessionLayer::with_users`](crate::SessionLayer::with_users) gives it to the layer. It is asked at most once in a request,
/// and only where the user matters: by `#[login_required]`, [`LoginRequired`](struct@crate::LoginRequired) and
/// [`CurrentUser`](crate::CurrentUser).
///
/// ```
/// use std::convert::Infallible;
/// use session_runtime::{prelude::*, testing::TestClient};
///
/// #[derive(Clone)]
/// struct User(u64);
///
/// impl AuthUser for User {
///     type Id = u64;
///
///     fn id(&self) -> u64 {
///         self.0
///     }
/// }
///
/// struct Database;
///
/// impl UserLoader for Database {
///     type User = User;
///     type Error = Infallible;
///
///     async fn load(&self, id: u64) -> Result<Option<User>, Infallible> {
///         Ok((id < 100).then_some(User(id)))
///     }
/// }
///
/// #[get("/me")]
/// #[login_required]
/// async fn me(CurrentUser(user): CurrentUser<User>) -> String {
///     format!("user {}", user.0)
/// }
///
/// # tokio::runtime::Runtime::new().unwrap().block_on(async {
/// let client = TestClient::new(|sessions| routes![me].with_sessions(sessions.with_users(Database)));
/// assert_eq!(client.get("/me").await.status(), 401);
/// client.login(7).await;
/// assert_eq!(client.get("/me").await.text(), "user 7");
/// client.login(100).await;
/// assert_eq!(client.get("/me").await.status(), 401, "there is no such user");
/// # });
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` loads no users",
    label = "this does not implement `session_runtime::UserLoader`",
    note = "implement it for what knows the users, such as the pool of a database; a closure cannot be one"
)]
pub trait UserLoader: Send + Sync + 'static {
    /// The application's user.
    type User: AuthUser;
    /// Why a user could not be loaded.
    type Error: fmt::Display;

    /// The user with this id, `None` if there is none any more: the session is then logged out.
    ///
    /// # Errors
    ///
    /// The user may well exist, as where the database is down: the answer is 503 and nobody is logged out. The error's text
    /// is logged.
    fn load(
        &self,
        id: <Self::User as AuthUser>::Id,
    ) -> impl Future<Output = Result<Option<Self::User>, Self::Error>> + Send;
}

/// Logins with the application's users.
impl SessionLayer {
    /// Loads users with `loader`, where a route asks for one.
    ///
    /// Without a loader `#[login_required]` asks for the login key alone. A route that asks for a role or a permission then
    /// has no router: [`with_sessions`](crate::RoutesWithoutSessions::with_sessions) panics with a sentence that names it, and
    /// where a handler is wired by hand the answer is 500. It is never open.
    ///
    /// See [`UserLoader`](crate::UserLoader) for an example.
    #[must_use]
    pub fn with_users<L: UserLoader>(self, loader: L) -> Self {
        self.with_users_of(Arc::new(Users(Box::new(loader))))
    }
}

/// A loader whose type is forgotten.
pub(super) struct Users(Box<dyn Load>);

pub(super) type Loaded = Result<Option<Arc<dyn AnyUser>>, Refusal>;

trait Load: Send + Sync {
    fn load<'a>(&'a self, id: &str) -> Option<Pin<Box<dyn Future<Output = Loaded> + Send + 'a>>>;

    fn user_type(&self) -> &'static str;
}

impl Users {
    /// The user with this id, which is plain JSON. One that is no id of such users, as after a change of the application, is
    /// nobody's.
    pub(super) async fn load(&self, id: &str) -> Loaded {
        match self.0.load(id) {
            Some(loading) => loading.await,
            None => Ok(None),
        }
    }

    /// The type of its users, for a sentence.
    pub(super) fn user_type(&self) -> &'static str {
        self.0.user_type()
    }
}

impl<L: UserLoader> Load for L {
    fn load<'a>(&'a self, id: &str) -> Option<Pin<Box<dyn Future<Output = Loaded> + Send + 'a>>> {
        let id = read_id::<L::User>(id)?;
        Some(Box::pin(async move {
            match UserLoader::load(self, id).await {
                Ok(user) => Ok(user.map(|user| Arc::new(user) as Arc<dyn AnyUser>)),
                Err(error) => {
                    let reason = error.to_string();
                    tracing::error!(name: "session.user_unavailable", reason, "a user could not be loaded");
                    Err(Refusal::UserUnavailable { reason })
                }
            }
        }))
    }

    fn user_type(&self) -> &'static str {
        type_name::<L::User>()
    }
}

/// Flask-Login keeps every id as a text: `"7"` is the number 7 where ids are numbers, and 7 the text where they are texts.
fn read_id<U: AuthUser>(id: &str) -> Option<U::Id> {
    let as_it_is = serde_json::from_str(id);
    let other = || match serde_json::from_str(id).ok()? {
        Value::String(text) => serde_json::from_str(&text).ok(),
        Value::Number(number) => serde_json::from_value(Value::String(number.to_string())).ok(),
        _ => None,
    };
    as_it_is.ok().or_else(other)
}
