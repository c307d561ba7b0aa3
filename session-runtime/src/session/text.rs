//! The JSON text of one value. Most values are numbers and short texts, and those need no memory of their own.

use std::fmt;
use std::io;
use std::ops::Deref;

use compact_str::CompactString;
use serde::Serialize;

/// A value as JSON text, or as what a format made of it.
#[derive(Clone, PartialEq, Eq)]
pub(crate) struct Text(CompactString);

impl Text {
    /// The text of a value.
    pub(crate) fn of<T: Serialize + ?Sized>(value: &T) -> Result<Self, serde_json::Error> {
        Self::of_pieces(&Pieces::of(value)?)
    }

    /// The text of a value, unless it is this one.
    pub(crate) fn unless<T: Serialize + ?Sized>(
        text: &str,
        value: &T,
    ) -> Result<Option<Self>, serde_json::Error> {
        let pieces = Pieces::of(value)?;
        if pieces.written() == text.as_bytes() {
            return Ok(None);
        }
        Self::of_pieces(&pieces).map(Some)
    }

    fn of_pieces(pieces: &Pieces) -> Result<Self, serde_json::Error> {
        let text = str::from_utf8(pieces.written()).map_err(serde::ser::Error::custom)?;
        Ok(Self(text.into()))
    }
}

impl Deref for Text {
    type Target = str;

    fn deref(&self) -> &str {
        &self.0
    }
}

impl From<&str> for Text {
    fn from(json: &str) -> Self {
        Self(json.into())
    }
}

impl From<String> for Text {
    fn from(json: String) -> Self {
        Self(json.into())
    }
}

impl fmt::Debug for Text {
    /// Shows no value.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Text(..)")
    }
}

/// How many bytes need no memory of their own.
const SHORT: usize = size_of::<CompactString>();

/// What a serializer writes, piece by piece. Most values are written in one.
#[derive(Default)]
struct Pieces {
    short: [u8; SHORT],
    length: usize,
    /// All of it, once it is longer.
    long: Vec<u8>,
}

impl Pieces {
    fn of<T: Serialize + ?Sized>(value: &T) -> Result<Self, serde_json::Error> {
        let mut pieces = Self::default();
        serde_json::to_writer(&mut pieces, value)?;
        Ok(pieces)
    }

    fn written(&self) -> &[u8] {
        match self.short.get(..self.length) {
            Some(short) => short,
            None => &self.long,
        }
    }
}

impl io::Write for Pieces {
    fn write(&mut self, piece: &[u8]) -> io::Result<usize> {
        let length = self.length + piece.len();
        if let Some(room) = self.short.get_mut(self.length..length) {
            room.copy_from_slice(piece);
        } else {
            if self.long.is_empty() {
                self.long.extend_from_slice(&self.short[..self.length]);
            }
            self.long.extend_from_slice(piece);
        }
        self.length = length;
        Ok(piece.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_texts_debug_shows_no_value() {
        assert_eq!(format!("{:?}", Text::from("\"secret\"")), "Text(..)");
    }

    proptest! {
        #[test]
        fn a_value_is_written_as_serde_json_writes_it(text: String, number: f64) {
            let value = serde_json::json!({ "text": text, "list": [number, null] });
            prop_assert_eq!(&*Text::of(&value).unwrap(), value.to_string());
        }
    }
}
