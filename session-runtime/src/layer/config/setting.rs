//! A configuration as it was written, before anything is known of what it means: texts, numbers, lists and tables.
//!
//! Everything is taken, and what is wrong is said later. A parser puts the place of an error into its message, and many quote
//! that line: where the error is about a key, or stands beside one, it would be in the log.

use std::fmt;

use serde::de::{Deserialize, Deserializer, MapAccess, SeqAccess, Visitor};
use zeroize::Zeroizing;

/// One setting.
pub(super) enum Setting {
    /// Nothing, as JSON's `null`.
    Null,
    Flag(bool),
    Number(u64),
    /// It may be a key.
    Text(Zeroizing<String>),
    List(Vec<Setting>),
    Table(Vec<(String, Setting)>),
    /// What no setting takes, such as a fraction.
    Other,
}

impl<'de> Deserialize<'de> for Setting {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(AnySetting)
    }
}

/// Refuses nothing.
struct AnySetting;

impl<'de> Visitor<'de> for AnySetting {
    type Value = Setting;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a setting")
    }

    fn visit_bool<E>(self, flag: bool) -> Result<Setting, E> {
        Ok(Setting::Flag(flag))
    }

    fn visit_u64<E>(self, number: u64) -> Result<Setting, E> {
        Ok(Setting::Number(number))
    }

    fn visit_i64<E>(self, number: i64) -> Result<Setting, E> {
        Ok(u64::try_from(number).map_or(Setting::Other, Setting::Number))
    }

    fn visit_u128<E>(self, _: u128) -> Result<Setting, E> {
        Ok(Setting::Other)
    }

    fn visit_i128<E>(self, _: i128) -> Result<Setting, E> {
        Ok(Setting::Other)
    }

    fn visit_f64<E>(self, _: f64) -> Result<Setting, E> {
        Ok(Setting::Other)
    }

    fn visit_bytes<E>(self, _: &[u8]) -> Result<Setting, E> {
        Ok(Setting::Other)
    }

    fn visit_str<E>(self, text: &str) -> Result<Setting, E> {
        Ok(Setting::Text(Zeroizing::new(text.to_owned())))
    }

    fn visit_string<E>(self, text: String) -> Result<Setting, E> {
        Ok(Setting::Text(Zeroizing::new(text)))
    }

    fn visit_unit<E>(self) -> Result<Setting, E> {
        Ok(Setting::Null)
    }

    fn visit_none<E>(self) -> Result<Setting, E> {
        Ok(Setting::Null)
    }

    fn visit_some<D: Deserializer<'de>>(self, deserializer: D) -> Result<Setting, D::Error> {
        Setting::deserialize(deserializer)
    }

    fn visit_newtype_struct<D: Deserializer<'de>>(self, inner: D) -> Result<Setting, D::Error> {
        Setting::deserialize(inner)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Setting, A::Error> {
        let mut list = Vec::new();
        while let Some(item) = items.next_element()? {
            list.push(item);
        }
        Ok(Setting::List(list))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut entries: A) -> Result<Setting, A::Error> {
        let mut table = Vec::new();
        while let Some(name) = entries.next_key()? {
            table.push((name, entries.next_value()?));
        }
        Ok(Setting::Table(table))
    }
}
