//! One table of a configuration, read by its settings' names. A sentence about a setting says its name and what it takes, and
//! never what stood there: it may have been a key.

use std::num::NonZeroU32;
use std::str::FromStr;
use std::time::Duration;

use crate::signing::SecretKey;

use super::setting::Setting;
use super::{ConfigError, SameSite, duration, env, variable};

/// The settings of one table that have not been read yet.
pub(super) struct Section {
    /// Stands before a name in a sentence, as `cookie.` does.
    prefix: &'static str,
    entries: Vec<(String, Setting)>,
}

/// Why a configuration cannot be read.
#[derive(Debug, thiserror::Error)]
pub(super) enum SettingError {
    #[error("{what} is a table of settings; there are {known}")]
    NoTable { what: &'static str, known: String },
    #[error("there is no setting `{prefix}{name}`; there are {known}")]
    Unknown {
        prefix: &'static str,
        name: String,
        known: String,
    },
    #[error("`{prefix}{name}` is set twice; remove one of them")]
    Twice { prefix: &'static str, name: String },
    #[error("`{prefix}{name}` cannot be read; it takes {takes}")]
    Value {
        prefix: &'static str,
        name: &'static str,
        takes: &'static str,
    },
    #[error(
        "there is no secret key; set `secret_key`, or `secret_key_file` to the path of a file that holds it, to a key of your own, as `openssl rand -hex 32` prints it"
    )]
    NoSecretKey,
    #[error(
        "`also_read.until` is not set; write the last day on which the earlier cookie is read as in \"2027-01-31\""
    )]
    NoUntil,
    #[cfg(not(feature = "encrypted"))]
    #[error(
        "`encrypted` needs a feature that this program is built without; add it with `cargo add session-runtime --features encrypted`"
    )]
    NoEncryption,
    #[error(transparent)]
    Config(#[from] ConfigError),
}

impl Section {
    /// The table `setting`, which has no other settings than `known`. A sentence calls it `what`, and says `prefix` before
    /// the name of one in it.
    pub(super) fn new(
        what: &'static str,
        prefix: &'static str,
        setting: Setting,
        known: &[&str],
    ) -> Result<Self, SettingError> {
        let listed = || {
            let quoted: Vec<_> = known.iter().map(|name| format!("`{name}`")).collect();
            quoted.join(", ")
        };
        let Setting::Table(entries) = setting else {
            let known = listed();
            return Err(SettingError::NoTable { what, known });
        };
        for (at, (name, _)) in entries.iter().enumerate() {
            let name = name.clone();
            if !known.contains(&name.as_str()) {
                let known = listed();
                return Err(SettingError::Unknown {
                    prefix,
                    name,
                    known,
                });
            }
            if entries[..at].iter().any(|(other, _)| *other == name) {
                return Err(SettingError::Twice { prefix, name });
            }
        }
        Ok(Self { prefix, entries })
    }

    /// The setting as it was written, if it was.
    pub(super) fn take(&mut self, name: &str) -> Option<Setting> {
        let at = self.entries.iter().position(|(other, _)| other == name)?;
        match self.entries.swap_remove(at).1 {
            Setting::Null => None,
            setting => Some(setting),
        }
    }

    pub(super) fn text(&mut self, name: &'static str) -> Result<Option<String>, SettingError> {
        self.read(name, "a text", text)
    }

    /// Also from a text, since all that the environment says is one.
    pub(super) fn flag(&mut self, name: &'static str) -> Result<Option<bool>, SettingError> {
        self.read(name, "`true` or `false`", flag)
    }

    pub(super) fn size(&mut self, name: &'static str) -> Result<Option<usize>, SettingError> {
        self.read(
            name,
            "a whole number of bytes, as in `4096`",
            |setting| match setting {
                Setting::Number(number) => usize::try_from(number).ok(),
                Setting::Text(text) => text.parse().ok(),
                _ => None,
            },
        )
    }

    pub(super) fn count(&mut self, name: &'static str) -> Result<Option<NonZeroU32>, SettingError> {
        self.read(name, "a whole number from 1 on", |setting| match setting {
            Setting::Number(number) => NonZeroU32::new(u32::try_from(number).ok()?),
            Setting::Text(text) => text.parse().ok(),
            _ => None,
        })
    }

    pub(super) fn duration(
        &mut self,
        name: &'static str,
    ) -> Result<Option<Duration>, SettingError> {
        self.read(name, duration::TAKES, span)
    }

    /// Nothing within for never.
    pub(super) fn interval(
        &mut self,
        name: &'static str,
    ) -> Result<Option<Option<Duration>>, SettingError> {
        self.read(name, duration::TAKES, |setting| {
            if is_no(&setting) {
                Some(None)
            } else {
                span(setting).map(Some)
            }
        })
    }

    /// What the text stands for.
    pub(super) fn parsed<T: FromStr>(
        &mut self,
        name: &'static str,
        takes: &'static str,
    ) -> Result<Option<T>, SettingError> {
        self.read(name, takes, |setting| text(setting)?.parse().ok())
    }

    /// What the text stands for, of a few.
    pub(super) fn one_of<T: Copy>(
        &mut self,
        name: &'static str,
        takes: &'static str,
        words: &[(&str, T)],
    ) -> Result<Option<T>, SettingError> {
        self.read(name, takes, |setting| {
            let text = text(setting)?;
            words
                .iter()
                .find(|(word, _)| *word == text)
                .map(|(_, value)| *value)
        })
    }

    /// Nothing within where the attribute is to be left out.
    pub(super) fn same_site(
        &mut self,
        name: &'static str,
    ) -> Result<Option<Option<SameSite>>, SettingError> {
        let takes = "\"Strict\", \"Lax\" or \"None\", or `false` to leave it out";
        self.read(name, takes, |setting| match setting {
            Setting::Flag(false) => Some(None),
            setting => {
                let text = text(setting)?;
                match variable::flag(&text) {
                    Some(false) => Some(None),
                    _ => text.parse().ok().map(Some),
                }
            }
        })
    }

    pub(super) fn list(
        &mut self,
        name: &'static str,
    ) -> Result<Option<Vec<Setting>>, SettingError> {
        self.read(name, "a list of tables", |setting| match setting {
            Setting::List(list) => Some(list),
            _ => None,
        })
    }

    pub(super) fn secret_key(
        &mut self,
        name: &'static str,
    ) -> Result<Option<SecretKey>, SettingError> {
        let takes = "a text, in quotes where it consists of digits";
        match self.read(name, takes, text)? {
            Some(key) => Ok(Some(env::secret_key(name, key)?)),
            None => Ok(None),
        }
    }

    /// A list, and not a text, as everywhere.
    pub(super) fn secret_keys(
        &mut self,
        name: &'static str,
    ) -> Result<Option<Vec<SecretKey>>, SettingError> {
        let takes = "a list of texts, as in `[\"older key\", \"old key\"]`";
        let Some(keys) = self.read(name, takes, |setting| match setting {
            Setting::List(keys) => keys.into_iter().map(text).collect(),
            Setting::Text(text) => variable::list(&text),
            _ => None,
        })?
        else {
            return Ok(None);
        };
        let keys = keys.into_iter().map(|key| env::secret_key(name, key));
        Ok(Some(keys.collect::<Result<_, _>>()?))
    }

    fn read<T>(
        &mut self,
        name: &'static str,
        takes: &'static str,
        read: impl FnOnce(Setting) -> Option<T>,
    ) -> Result<Option<T>, SettingError> {
        let prefix = self.prefix;
        match self.take(name).map(read) {
            None => Ok(None),
            Some(Some(value)) => Ok(Some(value)),
            Some(None) => Err(SettingError::Value {
                prefix,
                name,
                takes,
            }),
        }
    }
}

fn span(setting: Setting) -> Option<Duration> {
    match setting {
        Setting::Number(seconds) => duration::from_seconds(seconds),
        Setting::Text(text) => duration::read(&text),
        _ => None,
    }
}

/// Also from a text, as every flag.
fn is_no(setting: &Setting) -> bool {
    match setting {
        Setting::Flag(flag) => !flag,
        // A number of seconds is no flag.
        Setting::Text(text) => **text != *"0" && variable::flag(text) == Some(false),
        _ => false,
    }
}

fn text(setting: Setting) -> Option<String> {
    match setting {
        Setting::Text(mut text) => Some(std::mem::take(&mut *text)),
        _ => None,
    }
}

fn flag(setting: Setting) -> Option<bool> {
    match setting {
        Setting::Flag(flag) => Some(flag),
        Setting::Text(text) => variable::flag(&text),
        _ => None,
    }
}
