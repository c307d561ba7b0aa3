//! `keygen`: a new secret key.

use std::io::{self, Write as _};

use session_runtime::signing::SecretKey;

use crate::arguments::Keygen;
use crate::failure::Failure;
use crate::report;
use crate::settings::weakness;

pub(crate) fn run(arguments: &Keygen) -> Result<(), Failure> {
    if let Some(error) = arguments.key.secret_key.as_ref().and_then(weakness) {
        report::line(format_args!(
            "warning: of the key that is set now: {error}; or take the one printed here, and keep the old one as a fallback"
        ));
    }
    let key = SecretKey::generate();
    let mut output = io::stdout().lock();
    output
        .write_all(key.expose_secret())
        .and_then(|()| output.write_all(b"\n"))
        .map_err(Failure::Output)
}
