//! A compiler error in our own words, put together in a constant.

/// A message put together in a constant, where nothing can be formatted. What is too long is cut off.
pub(super) struct Sentence {
    bytes: [u8; 512],
    length: usize,
}

impl Sentence {
    pub(super) const fn new() -> Self {
        Self {
            bytes: [0; 512],
            length: 0,
        }
    }

    pub(super) const fn say(self, text: &str) -> Self {
        self.say_bytes(text.as_bytes())
    }

    pub(super) const fn say_bytes(mut self, bytes: &[u8]) -> Self {
        let mut at = 0;
        while at < bytes.len() && self.length < self.bytes.len() {
            self.bytes[self.length] = bytes[at];
            self.length += 1;
            at += 1;
        }
        self
    }

    #[track_caller]
    #[expect(clippy::panic, reason = "a panic in a constant is a compiler error")]
    pub(super) const fn refuse(&self) -> ! {
        panic!("{}", self.text())
    }

    /// A number, in decimal.
    pub(super) const fn say_number(self, number: usize) -> Self {
        let sentence = if number >= 10 {
            self.say_number(number / 10)
        } else {
            self
        };
        let digit = [b'0' + (number % 10) as u8];
        sentence.say_bytes(&digit)
    }

    const fn text(&self) -> &str {
        match core::str::from_utf8(self.bytes.split_at(self.length).0) {
            Ok(text) => text,
            // Cut in the middle of a character.
            Err(_) => "these routes do not fit together; shorter names would say why",
        }
    }
}
