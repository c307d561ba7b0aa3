//! Keys that somebody would try: the examples of documentation, common words, repetitions.
//!
//! Knows only bytes. It is no measure of strength: it catches the key that was copied or typed in
//! haste, which is how session keys are really found.

/// Examples that stand in documentation, in tutorials and in the lists of those who try keys, as
/// they look after [`normalize`].
const EXAMPLES: &[&str] = &[
    // Flask's documentation: the quickstart's old key (as bytes, and as the text of its escapes) and
    // the configuration's.
    "5y2lf4q8z",
    "5y2lf4q8znxec",
    "192b9bdd22ab9ed4d12e236c78afcb9a393ec15f71bbf5dc987d54727823bcbf",
    "a0zr98j3yxrxhhjmnlwxrt",
    // Tutorials and starters.
    "youwillneverguess",
    "hardtoguessstring",
    "5791628bb0b13ce0c676dfde280ba245",
    "keyboardcat",
    "shhhh",
    "myprecious",
    "thisissecret",
    "correcthorsebatterystaple",
    "your256bitsecret",
    "asecretkeythatisatleast32byteslong",
    // What fingers do.
    "password",
    "passw0rd",
    "letmein",
    "qwerty",
    "qwertyuiop",
    "qwertyuiopasdfghjklzxcvbnm",
    "qwertyuiopasdfgh",
    "asdf",
    "asdfghjkl",
    "abcdef",
    "abcdefgh",
    "abcdefghijklmnop",
    "abcdefghijklmnopqrstuvwxyz",
    "0123456789",
    "01234567890123456789",
    "0123456789abcdef",
    "0123456789abcdef0123456789abcdef",
    "123456789",
    "1234567890",
    "12345678901234567890",
    "1234567890123456",
    "12345678901234567890123456789012",
    "1q2w3e4r5t6y",
    "deadbeef",
    "deadbeefdeadbeef",
    "foobar",
    "foobarbaz",
    "helloworld",
];

/// Words of which placeholders are made: a key of nothing else says "put a key here".
const PLACEHOLDER_WORDS: &[&str] = &[
    "a",
    "an",
    "app",
    "application",
    "at",
    "be",
    "bit",
    "bytes",
    "change",
    "changed",
    "changeit",
    "changeme",
    "changethis",
    "cookie",
    "default",
    "demo",
    "dev",
    "development",
    "django",
    "dummy",
    "enter",
    "example",
    "fake",
    "fixme",
    "flask",
    "for",
    "generate",
    "hard",
    "here",
    "in",
    "insecure",
    "insert",
    "is",
    "it",
    "jwt",
    "key",
    "local",
    "long",
    "me",
    "my",
    "need",
    "needs",
    "never",
    "not",
    "now",
    "of",
    "only",
    "pass",
    "password",
    "phrase",
    "placeholder",
    "please",
    "prod",
    "production",
    "put",
    "rails",
    "random",
    "really",
    "replace",
    "sample",
    "secret",
    "secrets",
    "secure",
    "session",
    "sessions",
    "signing",
    "some",
    "something",
    "string",
    "super",
    "temp",
    "temporary",
    "test",
    "testing",
    "that",
    "the",
    "this",
    "to",
    "todo",
    "token",
    "top",
    "ultra",
    "unsafe",
    "use",
    "value",
    "very",
    "web",
    "with",
    "xxx",
    "you",
    "your",
];

/// Beginnings that say it themselves. Django's `startproject` writes the first.
const PREFIXES: &[&[u8]] = &[b"django-insecure-"];

/// Whether the key, or the word that it repeats, is an example, a common word or a placeholder.
///
/// Case, punctuation and digits at the end do not make a difference.
pub(super) fn is_famous(key: &[u8]) -> bool {
    if PREFIXES.iter().any(|prefix| {
        key.get(..prefix.len())
            .is_some_and(|start| start.eq_ignore_ascii_case(prefix))
    }) {
        return true;
    }
    let normal = zeroize::Zeroizing::new(normalize(key));
    let word = &normal[..period(&normal)];
    [normal.as_slice(), word]
        .into_iter()
        .flat_map(|text| [text, without_digits_at_end(text)])
        .any(|text| is_example(text) || is_placeholder(text))
}

/// Whether the key is a word of fewer than `bytes` bytes, said twice or more often.
pub(super) fn is_repetitive(key: &[u8], bytes: usize) -> bool {
    let period = period(key);
    (1..bytes).contains(&period) && period * 2 <= key.len()
}

/// Lowercase letters and digits; what is neither, ASCII or not, is left out.
fn normalize(key: &[u8]) -> Vec<u8> {
    key.iter()
        .filter(|byte| byte.is_ascii_alphanumeric())
        .map(u8::to_ascii_lowercase)
        .collect()
}

fn without_digits_at_end(text: &[u8]) -> &[u8] {
    let digits = text
        .iter()
        .rev()
        .take_while(|byte| byte.is_ascii_digit())
        .count();
    &text[..text.len() - digits]
}

fn is_example(text: &[u8]) -> bool {
    EXAMPLES.iter().any(|example| example.as_bytes() == text)
}

/// Whether the text is cut into [`PLACEHOLDER_WORDS`] without a rest.
fn is_placeholder(text: &[u8]) -> bool {
    // `reached[i]`: the first `i` bytes are words.
    let mut reached = vec![false; text.len() + 1];
    reached[0] = true;
    for start in 0..text.len() {
        if !reached[start] {
            continue;
        }
        for word in PLACEHOLDER_WORDS {
            if text[start..].starts_with(word.as_bytes()) {
                reached[start + word.len()] = true;
            }
        }
    }
    !text.is_empty() && reached[text.len()]
}

/// The length of the shortest word that, said again and again, begins with the whole key.
fn period(key: &[u8]) -> usize {
    (1..key.len())
        .find(|&period| {
            key.iter()
                .eq(key.iter().take(period).cycle().take(key.len()))
        })
        .unwrap_or(key.len())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn the_examples_of_documentation_are_famous() {
        for key in [
            "dev",
            "secret",
            "changeme",
            "supersecretkey",
            "keyboard cat",
            "_5#y2L\"F4Q8z\\n\\xec]/",
            "192b9bdd22ab9ed4d12e236c78afcb9a393ec15f71bbf5dc987d54727823bcbf",
            "A0Zr98j/3yX R~XHH!jmN]LWX/,?RT",
            "you-will-never-guess",
            "my precious",
            "hard to guess string",
            "django-insecure-k3zr8wpq1lxv9sbn",
            "your-256-bit-secret",
            "my_super_secret_key_123",
            "replace-me-in-production",
            "this is a very long secret key",
        ] {
            assert!(is_famous(key.as_bytes()), "{key}");
        }
        assert!(is_famous(b"_5#y2L\"F4Q8z\n\xec]/"));
    }

    #[test]
    fn case_punctuation_and_digits_at_the_end_hide_nothing() {
        for key in [
            "ChangeMe!",
            "CHANGE_ME",
            "Change-Me-42",
            "Keyboard-Cat",
            "<changeme>",
        ] {
            assert!(is_famous(key.as_bytes()), "{key}");
        }
    }

    #[test]
    fn a_famous_word_said_again_and_again_is_famous() {
        assert!(is_famous(b"keyboardcatkeyboardcat"));
        assert!(is_famous(b"my precious my precious my precious"));
    }

    #[test]
    fn one_character_or_a_short_word_is_repetitive() {
        for key in ["aaaaaaaaaaaaaaaaaaaa", "xyzxyzxyzxyzxyzxyzx", "\0\0\0\0"] {
            assert!(is_repetitive(key.as_bytes(), 16), "{key:?}");
        }
        assert!(!is_repetitive(b"k3Zr8wPq1LxV9sBnk", 16));
        assert!(!is_repetitive(b"", 16));
        assert!(!is_repetitive(b"a", 16));
    }

    #[test]
    fn punctuation_alone_is_not_famous() {
        assert!(!is_famous(b"#!%&/()=?*+-_.:;<>"));
    }

    #[test]
    fn every_example_is_written_as_it_is_compared() {
        for example in EXAMPLES {
            assert_eq!(normalize(example.as_bytes()), example.as_bytes());
        }
        for word in PLACEHOLDER_WORDS {
            assert_eq!(normalize(word.as_bytes()), word.as_bytes());
        }
    }

    proptest! {
        #[test]
        fn random_keys_are_not_guessable(key in "[0-9a-f]{32,64}|[A-Za-z0-9_-]{22,43}") {
            prop_assert!(!is_famous(key.as_bytes()));
            prop_assert!(!is_repetitive(key.as_bytes(), 16));
        }

        #[test]
        fn no_bytes_make_it_panic(key: Vec<u8>) {
            is_famous(&key);
            is_repetitive(&key, 16);
        }
    }
}
