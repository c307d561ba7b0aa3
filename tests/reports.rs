//! What users of other session libraries ran into, each as a statement of what holds here. The doc comment of a test names
//! the public report that it retells.

#[path = "reports/changes.rs"]
mod changes;
#[path = "reports/cookies.rs"]
mod cookies;
#[path = "reports/handlers.rs"]
mod handlers;
#[path = "reports/keys.rs"]
mod keys;
#[path = "reports/login.rs"]
mod login;
