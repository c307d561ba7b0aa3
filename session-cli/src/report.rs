//! What a person is told, on standard error: a line each.

use std::fmt::Display;
use std::io::{self, Write as _};

/// Writes a line. Where nobody can read it there is nobody to tell.
pub(crate) fn line(text: impl Display) {
    let _ = writeln!(io::stderr().lock(), "sessionctl: {text}");
}
