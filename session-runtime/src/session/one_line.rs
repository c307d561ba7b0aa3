//! Names and reasons as a sentence shows them. Where they come from is not known here.

use std::fmt::{self, Write as _};

/// A text that somebody else may have chosen, as a visitor does whose words an application takes for a key: on one line, and
/// without what a terminal obeys, since sentences go to the log.
pub(crate) struct OneLine<T>(pub(crate) T);

impl<T: AsRef<str>> fmt::Display for OneLine<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for c in self.0.as_ref().chars() {
            if is_obeyed(c) {
                c.escape_default().fmt(f)?;
            } else {
                f.write_char(c)?;
            }
        }
        Ok(())
    }
}

/// Whether it ends a line, changes the direction of writing, or is none that is written.
fn is_obeyed(c: char) -> bool {
    match c {
        '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}' => {
            true
        }
        _ => c.is_control(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_can_be_read_stays_as_it_is() {
        for text in [
            "user_id",
            "café 字 🙂",
            r#"a "b" 'c' \d"#,
            "GET /a/{id}",
            "",
        ] {
            assert_eq!(OneLine(text).to_string(), text);
        }
    }

    #[test]
    fn what_ends_a_line_or_is_obeyed_is_spelled_out() {
        let text = "a\r\nb\u{1b}[2J\u{9b}m\u{85}\u{2028}\u{202e}\u{7f}";
        assert_eq!(
            OneLine(text).to_string(),
            r"a\r\nb\u{1b}[2J\u{9b}m\u{85}\u{2028}\u{202e}\u{7f}"
        );
    }
}
