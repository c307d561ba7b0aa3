//! What a command works on: its argument, or else standard input.

use std::ffi::OsString;
use std::io::{self, Read as _};

use crate::failure::Failure;

/// The bytes of the argument, or of standard input without the end of its last line. `-` is standard input.
pub(crate) fn read(argument: Option<OsString>) -> Result<Vec<u8>, Failure> {
    if let Some(argument) = argument.filter(|argument| argument != "-") {
        return Ok(argument.into_encoded_bytes());
    }
    let mut bytes = Vec::new();
    io::stdin()
        .lock()
        .read_to_end(&mut bytes)
        .map_err(Failure::Input)?;
    for end in [b'\n', b'\r'] {
        bytes.pop_if(|byte| *byte == end);
    }
    Ok(bytes)
}
