//! What a person is told, on standard error: a line each, or a text that has its own lines.

use std::fmt::Display;
use std::io::{self, Write as _};

/// Writes a line. Where nobody can read it there is nobody to tell.
pub(crate) fn line(text: impl Display) {
    let _ = writeln!(io::stderr().lock(), "sessionctl: {text}");
}

/// Writes a text that ends its lines itself.
pub(crate) fn text(text: impl Display) {
    let _ = write!(io::stderr().lock(), "{text}");
}
