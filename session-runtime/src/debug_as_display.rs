//! Errors whose `Debug` text is their sentence. Knows none of them.

/// Shows an error by its `Display` wherever its `Debug` is asked for: a `main` that returns the error prints that, and whoever
/// reads it wants the sentence, not the names of fields.
macro_rules! debug_as_display {
    ($error:ty) => {
        impl ::core::fmt::Debug for $error {
            fn fmt(&self, f: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result {
                ::core::fmt::Display::fmt(self, f)
            }
        }
    };
}

pub(crate) use debug_as_display;

#[cfg(test)]
mod tests {
    #[derive(thiserror::Error)]
    #[error("there are {0} cooks; send {0} away")]
    struct TooMany(u8);

    debug_as_display!(TooMany);

    #[test]
    fn whoever_asks_for_the_debug_text_reads_the_sentence() {
        let sentence = "there are 3 cooks; send 3 away";
        assert_eq!(format!("{:?}", TooMany(3)), sentence);
        assert_eq!(format!("{:#?}", TooMany(3)), sentence);
    }
}
