//! What this library has to know of a user, and nothing of how one is kept.

use std::any::Any;

use serde::Serialize;
use serde::de::DeserializeOwned;

/// A user of the application, as its [`UserLoader`](crate::UserLoader) loads one.
///
/// Only [`id`](Self::id) must be written. A user without roles has none, and an application that never ends a user's sessions
/// keeps the epoch 0.
///
/// ```
/// use session_runtime::AuthUser;
///
/// #[derive(Clone)]
/// struct User {
///     id: u64,
///     is_admin: bool,
///     epoch: u64,
/// }
///
/// impl AuthUser for User {
///     type Id = u64;
///
///     fn id(&self) -> u64 {
///         self.id
///     }
///
///     fn epoch(&self) -> u64 {
///         self.epoch
///     }
///
///     fn has_role(&self, role: &str) -> bool {
///         role == "admin" && self.is_admin
///     }
/// }
/// ```
pub trait AuthUser: Clone + Send + Sync + 'static {
    /// What the session keeps of a user.
    type Id: Serialize + DeserializeOwned + Send;

    /// By this the user is loaded again. Whoever holds the cookie can read it, unless sessions are encrypted.
    fn id(&self) -> Self::Id;

    /// A number that the application keeps with the user and raises to end all sessions that are logged in so far, as when
    /// the password changes or to log out everywhere. A session whose login is of a lower epoch counts as logged out from the
    /// next time that the user is loaded. It must never fall.
    ///
    /// The session that raises it is ended too, unless it is logged in again with the user as saved:
    /// [`Session::login`](crate::Session::login).
    fn epoch(&self) -> u64 {
        0
    }

    /// Whether `#[login_required(role = "admin")]` lets the user through.
    fn has_role(&self, role: &str) -> bool {
        let _ = role;
        false
    }

    /// Whether `#[login_required(permission = "post.edit")]` lets the user through.
    fn has_permission(&self, permission: &str) -> bool {
        let _ = permission;
        false
    }
}

/// A user whose type is forgotten, since the layer has no type parameter.
pub(crate) trait AnyUser: Any + Send + Sync {
    fn epoch(&self) -> u64;
    fn has_role(&self, role: &str) -> bool;
    fn has_permission(&self, permission: &str) -> bool;
    fn as_any(&self) -> &dyn Any;
}

impl<U: AuthUser> AnyUser for U {
    fn epoch(&self) -> u64 {
        AuthUser::epoch(self)
    }

    fn has_role(&self, role: &str) -> bool {
        AuthUser::has_role(self, role)
    }

    fn has_permission(&self, permission: &str) -> bool {
        AuthUser::has_permission(self, permission)
    }

    fn as_any(&self) -> &dyn Any {
        self
    }
}
