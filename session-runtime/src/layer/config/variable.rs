//! One variable of the environment: what it takes, and the sentence where it holds something else. Which variables there
//! are is not known here.

use std::env::VarError;
use std::str::FromStr;
use std::time::Duration;

use super::ConfigError;

/// Where variables come from.
pub(super) type Lookup<'a> = &'a dyn Fn(&str) -> Result<String, VarError>;

pub(super) fn seconds(
    lookup: Lookup<'_>,
    variable: &'static str,
) -> Result<Option<Duration>, ConfigError> {
    let takes = "a whole number of seconds, as in `3600`";
    Ok(number(lookup, variable, takes)?.map(Duration::from_secs))
}

/// Whole numbers, so that Flask and we mean the same.
pub(super) fn number(
    lookup: Lookup<'_>,
    variable: &'static str,
    takes: &'static str,
) -> Result<Option<u64>, ConfigError> {
    parsed(lookup, variable, takes)
}

pub(super) fn boolean(
    lookup: Lookup<'_>,
    variable: &'static str,
) -> Result<Option<bool>, ConfigError> {
    let Some(value) = text(lookup, variable)? else {
        return Ok(None);
    };
    match flag(&value) {
        Some(flag) => Ok(Some(flag)),
        None => Err(ConfigError::Variable {
            variable,
            value,
            takes: "`true` or `false`",
        }),
    }
}

/// The words for true and false in any letter case.
pub(super) fn flag(text: &str) -> Option<bool> {
    match text.to_ascii_lowercase().as_str() {
        "true" | "1" | "yes" | "on" => Some(true),
        "false" | "0" | "no" | "off" => Some(false),
        _ => None,
    }
}

pub(super) fn parsed<T: FromStr>(
    lookup: Lookup<'_>,
    variable: &'static str,
    takes: &'static str,
) -> Result<Option<T>, ConfigError> {
    let Some(value) = text(lookup, variable)? else {
        return Ok(None);
    };
    match value.parse() {
        Ok(parsed) => Ok(Some(parsed)),
        Err(_) => Err(ConfigError::Variable {
            variable,
            value,
            takes,
        }),
    }
}

/// A variable that is set to nothing is not set, as where `docker compose` passes one on; the key is an exception.
pub(super) fn text(
    lookup: Lookup<'_>,
    variable: &'static str,
) -> Result<Option<String>, ConfigError> {
    match lookup(variable) {
        Ok(value) => {
            Ok(Some(value).filter(|value| !value.is_empty() || variable == super::env::SECRET_KEY))
        }
        Err(VarError::NotPresent) => Ok(None),
        Err(VarError::NotUnicode(_)) => Err(ConfigError::NotText { variable }),
    }
}

/// The texts in a JSON list of texts.
pub(super) fn list(text: &str) -> Option<Vec<String>> {
    serde_json::from_str(text).ok()
}
