//! Who is logged in: the application's users, how a session remembers one of them, and what is said to a stranger.
//!
//! This floor knows the session and the layer, which carries the loader of users. It does not know of guards: those stand on
//! it, since a guard that asks for a role needs the user.

mod current_user;
mod loader;
mod next;
mod page_view;
mod protection;
mod sign_in;
mod standing;
mod stranger;
mod user;

pub use current_user::CurrentUser;
pub use loader::UserLoader;
pub use user::AuthUser;

pub(crate) use standing::{Standing, known_standing, standing};
pub(crate) use stranger::{answer_to_stale, answer_to_stranger};
