//! `encode`: a session's cookie.

use std::io::{self, Write as _};

use serde::Serialize;
use session_runtime::signing::SecretKey;
use session_runtime::{Clock, CookieSerializer, EncodeError};

use crate::arguments::Encode;
use crate::failure::Failure;
use crate::line::LineError;
use crate::settings::{Settings, SettingsError, weakness};
use crate::{input, json_lines, report};

/// What browsers keep of a cookie in bytes, name and value together (RFC 6265, section 6.1).
const BROWSERS_KEEP: usize = 4096;

pub(crate) fn run(arguments: Encode) -> Result<(), Failure> {
    let settings = Settings::of(&arguments.common)?;
    let clock = Clock::system();
    let now = || arguments.common.now.unwrap_or_else(|| clock.now());
    if let Some(error) = settings.key.as_ref().and_then(weakness) {
        report::line(format_args!("warning: {error}"));
    }
    if arguments.common.json_lines {
        return many(&settings, now);
    }
    let serializer = serializer(&settings)?;
    let data = input::read(arguments.data)?;
    let data = str::from_utf8(&data).map_err(|_| EncodeError::NoSession)?;
    let cookie = serializer.encode(data, now())?;
    if cookie.len() >= BROWSERS_KEEP {
        report::line(format_args!(
            "warning: the value has {} bytes, and browsers keep {BROWSERS_KEEP} with the cookie's name: store less in the session",
            cookie.len()
        ));
    }
    writeln!(io::stdout().lock(), "{cookie}").map_err(Failure::Output)
}

fn many(settings: &Settings, now: impl Fn() -> u64) -> Result<(), Failure> {
    // A key may stand in every line.
    let common = serializer(settings);
    let mut has_warned = false;
    json_lines::run(|line, answer| {
        let data = line.data.ok_or(LineError::Missing { name: "data" })?;
        let own = settings.overridden_by(&line).as_ref().map(serializer);
        let serializer = own
            .as_ref()
            .unwrap_or(&common)
            .as_ref()
            .map_err(|_| LineError::NoKey)?;
        let cookie = serializer.encode(data, line.now.unwrap_or_else(&now))?;
        if !has_warned
            && let Some(error) = line
                .secret
                .map(SecretKey::dangerous)
                .as_ref()
                .and_then(weakness)
        {
            report::line(format_args!(
                "warning: the `secret` of a line: {error} (further ones are not told)"
            ));
            has_warned = true;
        }
        json_lines::append(&Cookie { cookie }, answer);
        Ok(())
    })
}

fn serializer(settings: &Settings) -> Result<CookieSerializer, SettingsError> {
    Ok(settings.config()?.serializer())
}

#[derive(Serialize)]
struct Cookie {
    cookie: String,
}
