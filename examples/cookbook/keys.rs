//! What the session holds. Whoever uses one of these with another type is told so by the compiler.

use session_runtime::Key;

/// Who is logged in.
pub const MEMBER: Key<u32> = Key::new("user_id");

/// A sentence for the next page, shown once.
pub const NOTICE: Key<String> = Key::new("notice");

/// The recipes that somebody shops for.
pub const SHOPPING: Key<Vec<u32>> = Key::new("shopping");
