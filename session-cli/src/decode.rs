//! `decode`: what is in a cookie, or why it opens no session.

use std::borrow::Cow;
use std::io::{self, Write as _};

use session_runtime::{Clock, CookieSerializer, Decoded};

use crate::arguments::Decode;
use crate::cookie_text;
use crate::failure::Failure;
use crate::line::LineError;
use crate::rejection::Rejection;
use crate::settings::{Settings, SettingsError};
use crate::unverified::Resigner;
use crate::utc::Utc;
use crate::{input, json_lines, obeyed, outcome, report};

pub(crate) fn run(arguments: Decode) -> Result<(), Failure> {
    let settings = Settings::of(&arguments.common)?;
    let clock = Clock::system();
    let now = || arguments.common.now.unwrap_or_else(|| clock.now());
    if arguments.common.json_lines {
        if arguments.unverified {
            report::line(NOT_VERIFIED);
        }
        return many(&settings, arguments.unverified, now);
    }
    let reader = Reader::new(&settings, arguments.unverified)?;
    let cookie = input::read(arguments.cookie)?;
    let cookie = str::from_utf8(&cookie)
        .map_err(|_| Rejection::Malformed("it is no text, and a cookie is ASCII".to_owned()))?;
    let session = reader.open(cookie, now())?;
    if arguments.unverified {
        let signed_at = Utc(session.signed_at());
        report::line(format_args!(
            "{NOT_VERIFIED} (it says it was signed at {signed_at})"
        ));
    }
    let json = obeyed::spelled_out(session.json());
    writeln!(io::stdout().lock(), "{json}").map_err(Failure::Output)
}

const NOT_VERIFIED: &str =
    "not verified: no signature was checked, so anybody may have written this";

fn many(settings: &Settings, unverified: bool, now: impl Fn() -> u64) -> Result<(), Failure> {
    // A key may stand in every line.
    let common = Reader::new(settings, unverified);
    json_lines::run(|line, answer| {
        let cookie = line
            .cookie
            .as_deref()
            .ok_or(LineError::Missing { name: "cookie" })?;
        let own = settings
            .overridden_by(&line)
            .map(|own| Reader::new(&own, unverified));
        let reader = own
            .as_ref()
            .unwrap_or(&common)
            .as_ref()
            .map_err(|_| LineError::NoKey)?;
        let opened = reader.open(cookie, line.now.unwrap_or_else(&now));
        outcome::write(opened.as_ref(), !unverified, answer);
        Ok(())
    })
}

/// Opens cookies under one set of settings.
struct Reader {
    serializer: CookieSerializer,
    /// Where no signature is checked.
    resigner: Option<Resigner>,
    judges_age: bool,
}

impl Reader {
    fn new(settings: &Settings, unverified: bool) -> Result<Self, SettingsError> {
        let (config, resigner) = if unverified {
            (
                Resigner::settings(settings).config()?,
                Some(Resigner::new()),
            )
        } else {
            (settings.config()?, None)
        };
        Ok(Self {
            serializer: config.serializer(),
            resigner,
            judges_age: settings.lifetime.is_some(),
        })
    }

    fn open(&self, text: &str, now: u64) -> Result<Decoded, Rejection> {
        let cookie = cookie_text::value(text);
        let opened = self.open_token(cookie, now);
        opened.map_err(|rejection| match (rejection, cookie_text::stored(cookie)) {
            (Rejection::BadSignature | Rejection::Malformed(_), Some(id)) => Rejection::stored(id),
            (other, _) => other,
        })
    }

    fn open_token(&self, cookie: &str, now: u64) -> Result<Decoded, Rejection> {
        let mut cookie = Cow::Borrowed(cookie);
        if let Some(resigner) = &self.resigner {
            cookie = Cow::Owned(resigner.resign(&cookie)?);
        }
        let session = self.serializer.decode(&cookie)?;
        if self.judges_age {
            session
                .check_age(now)
                .map_err(|error| Rejection::of_age(&session, error))?;
        }
        Ok(session)
    }
}
