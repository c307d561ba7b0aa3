//! Text as PostgreSQL keeps it, which is any but U+0000. A session's keys may have that, in a session that Flask wrote.

use std::borrow::Cow;

/// Stands before what stands for U+0000, and before itself.
const ESCAPE: char = '\u{1}';

/// What is kept for this text: almost always the text itself.
pub(super) fn kept(text: &str) -> Cow<'_, str> {
    if !text.contains(['\0', ESCAPE]) {
        return Cow::Borrowed(text);
    }
    let mut kept = String::with_capacity(text.len() + 8);
    for c in text.chars() {
        match c {
            '\0' => kept.extend([ESCAPE, '0']),
            ESCAPE => kept.extend([ESCAPE, '1']),
            other => kept.push(other),
        }
    }
    Cow::Owned(kept)
}

/// The text for which this is kept.
pub(super) fn read(kept: String) -> String {
    if !kept.contains(ESCAPE) {
        return kept;
    }
    let mut text = String::with_capacity(kept.len());
    let mut rest = kept.chars();
    while let Some(c) = rest.next() {
        text.push(match c {
            ESCAPE if rest.next() == Some('0') => '\0',
            other => other,
        });
    }
    text
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn whatever_is_kept_reads_back(text in "[\u{0}\u{1}01a\u{2028}\u{10ffff}]{0,12}") {
            let kept = kept(&text).into_owned();
            prop_assert!(!kept.contains('\0'));
            prop_assert_eq!(read(kept), text);
        }
    }

    #[test]
    fn what_has_no_such_character_is_kept_as_it_is() {
        assert!(matches!(kept("\"a\\u0000 1e5\""), Cow::Borrowed(_)));
    }
}
