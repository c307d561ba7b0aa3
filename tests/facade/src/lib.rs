//! A framework that re-exports session-runtime, and a macro of its own that makes handlers.

pub use renamed as session;

/// Makes a handler that counts its visits, for whoever is logged in.
#[macro_export]
macro_rules! counter {
    ($name:ident, $path:literal) => {
        #[$crate::session::login_required]
        #[$crate::session::get($path, crate = $crate::session)]
        async fn $name(#[session(default)] visits: &mut u32) -> String {
            *visits += 1;
            visits.to_string()
        }
    };
}
