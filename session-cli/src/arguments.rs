//! The command line: which commands there are and what each takes. Its comments are the help; what the commands do stands
//! elsewhere.

use std::ffi::OsString;

use clap::builder::{OsStringValueParser, TypedValueParser};
use clap::error::ErrorKind;
use clap::{Args, CommandFactory as _, FromArgMatches as _, Parser, Subcommand};
use session_runtime::signing::{Digest, KeyDerivation, SecretKey};

use crate::{obeyed, report};

const EXIT_CODES: &str = "\
Exit codes:
  0  done
  1  the input could not be read, or the output not written
  2  the command line is wrong, or there is no key
  3  bad signature
  4  expired
  5  malformed
  6  unreadable payload; with `encode`, data that is no session
  7  signed in the future

Keys in the environment (SECRET_KEY, and SECRET_KEY_FALLBACKS as a JSON list)
stay out of sight; everybody on the machine can see the command line.";

const EXAMPLES: &str = "\
Examples:
  export SECRET_KEY=$(sessionctl keygen)
  COOKIE=$(sessionctl encode '{\"user_id\": 12345}')
  sessionctl decode --lifetime 3600 \"$COOKIE\"
  sessionctl decode --unverified \"$COOKIE\"";

/// Looks into session cookies, makes them, and makes the keys that sign them.
///
/// It knows the cookies of session-runtime and, with --flask, those of Flask.
#[derive(Parser)]
#[command(name = "sessionctl", version, after_help = format!("{EXAMPLES}\n\n{EXIT_CODES}"))]
pub(crate) struct Arguments {
    #[command(subcommand)]
    pub(crate) command: Command,
}

impl Arguments {
    /// Reads the command line, or ends the program with what is wrong with it.
    pub(crate) fn read() -> Self {
        Self::try_parse().unwrap_or_else(|error| {
            Some(&error)
                .filter(|error| error.kind() == ErrorKind::UnknownArgument)
                .and_then(|_| Self::with_dashed_cookie())
                .unwrap_or_else(|| refuse(&error))
        })
    }

    /// A damaged cookie may begin with a dash, and whoever asks wants to know that it is damaged. It is the second try,
    /// as on the first one a mistyped option is told better.
    fn with_dashed_cookie() -> Option<Self> {
        let command = Self::command().mut_subcommand("decode", |decode| {
            decode.mut_arg("cookie", |cookie| cookie.allow_hyphen_values(true))
        });
        Self::from_arg_matches(&command.try_get_matches().ok()?).ok()
    }
}

/// Says what is wrong, or gives the help that was asked for, and ends. What is wrong is quoted, and may be a stranger's cookie.
fn refuse(error: &clap::Error) -> ! {
    if !error.use_stderr() {
        error.exit();
    }
    report::text(obeyed::spelled_out(&error.render().to_string()));
    std::process::exit(error.exit_code())
}

#[derive(Subcommand)]
pub(crate) enum Command {
    Keygen(Keygen),
    Encode(Encode),
    Decode(Decode),
}

/// Prints a new secret key: 64 hexadecimal digits, 256 random bits.
///
/// Where a key is given already, it is the one to be replaced: a warning says so if it is weak.
#[derive(Args)]
pub(crate) struct Keygen {
    #[command(flatten)]
    pub(crate) key: KeyArgument,
}

/// Makes a cookie of a session: JSON in, the cookie's value out.
///
/// Values are taken as they are kept in the cookie: with --flask, {" t": [1, 2]} is a tuple. Standard error warns of a weak key,
/// and of a cookie that is too large for a browser.
#[derive(Args)]
#[command(after_help = EXIT_CODES)]
pub(crate) struct Encode {
    /// The session, a JSON object [default, and -: standard input]
    #[arg(value_name = "JSON", conflicts_with = "json_lines")]
    pub(crate) data: Option<OsString>,
    #[command(flatten)]
    pub(crate) common: Common,
}

/// Opens a cookie: its value in, the JSON as it was signed out.
///
/// If the cookie opens no session, nothing is on standard output, one line on standard error says why, and so does the exit code.
#[derive(Args)]
#[command(after_help = EXIT_CODES)]
pub(crate) struct Decode {
    /// The cookie's value, also in quotes, behind `name=`, or in the line of a header [default, and -: standard input]
    #[arg(
        value_name = "COOKIE",
        conflicts_with = "json_lines",
        value_parser = cookie()
    )]
    pub(crate) cookie: Option<OsString>,
    /// Look into the cookie without a key: anybody may have written it
    #[arg(long, conflicts_with = "encrypted")]
    pub(crate) unverified: bool,
    #[command(flatten)]
    pub(crate) common: Common,
}

/// What `encode` and `decode` both take, so that one set of options fits both.
#[derive(Args)]
pub(crate) struct Common {
    #[command(flatten)]
    pub(crate) key: KeyArgument,
    /// A former key, which is read and never signs; repeat it for more, oldest first [env: SECRET_KEY_FALLBACKS, a JSON list]
    #[arg(long, value_name = "KEY", allow_hyphen_values = true, value_parser = secret_key())]
    pub(crate) fallback: Vec<SecretKey>,
    /// What sets sessions apart from what else the key signs; cookie-session/NAME of a cookie with a name of its own
    /// [default: cookie-session]
    #[arg(long, value_name = "TEXT", allow_hyphen_values = true)]
    pub(crate) salt: Option<String>,
    /// sha1, sha256 or sha512 [default: sha256; with --flask sha1]
    #[arg(long, value_name = "NAME")]
    pub(crate) digest: Option<Digest>,
    /// hmac, concat, django-concat or none [default: hmac]
    #[arg(long, value_name = "NAME")]
    pub(crate) key_derivation: Option<KeyDerivation>,
    /// Flask's settings: its tagged JSON, SHA-1, and no leeway for a clock that is behind (otherwise 30 seconds)
    #[arg(long)]
    pub(crate) flask: bool,
    /// Cookies are encrypted, not signed, as SessionConfig::encrypted has it; digest and key derivation then have no say
    #[arg(long)]
    pub(crate) encrypted: bool,
    /// How long sessions live, permanent or not; without it `decode` does not judge the age
    #[arg(long, value_name = "SECONDS", value_parser = lifetime)]
    pub(crate) lifetime: Option<u64>,
    /// When it is, in seconds since 1970: the time to judge the age at, or to sign as of [default: now]
    #[arg(long, value_name = "EPOCH", value_parser = second)]
    pub(crate) now: Option<u64>,
    /// Read a JSON object a line, with `cookie` or `data` and settings of its own; write one a line
    ///
    /// A line may have `secret`, `fallbacks` (a list), `salt`, `digest`, `key_derivation`, `lifetime` and `now`, each instead of
    /// the option. An answer is {"outcome": "session", "data": …}, {"outcome": "empty", "reason": …} or {"cookie": …}, and
    /// {"error": …} for a line that cannot be read.
    #[arg(long)]
    pub(crate) json_lines: bool,
}

#[derive(Args)]
pub(crate) struct KeyArgument {
    /// The secret key, used as it is; any is accepted
    #[arg(
        long,
        env = "SECRET_KEY",
        hide_env_values = true,
        value_name = "KEY",
        allow_hyphen_values = true,
        value_parser = secret_key()
    )]
    pub(crate) secret_key: Option<SecretKey>,
}

/// Any bytes that the system can hand over are a key.
fn secret_key() -> impl TypedValueParser<Value = SecretKey> {
    OsStringValueParser::new().map(|key| SecretKey::dangerous(key.into_encoded_bytes()))
}

fn lifetime(text: &str) -> Result<u64, &'static str> {
    text.parse()
        .map_err(|_| "write whole seconds, as in 3600 for an hour")
}

fn second(text: &str) -> Result<u64, &'static str> {
    text.parse()
        .map_err(|_| "write whole seconds since 1970, as `date +%s` prints them")
}

/// No cookie begins with two dashes, so such a text is a mistyped option.
fn cookie() -> impl TypedValueParser<Value = OsString> {
    OsStringValueParser::new().try_map(|text| {
        if text.as_encoded_bytes().starts_with(b"--") {
            Err("no cookie begins like an option")
        } else {
            Ok(text)
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_command_line_is_consistent() {
        Arguments::command().debug_assert();
    }
}
