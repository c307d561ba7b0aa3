//! The secret key in a file, as container platforms hand secrets over: a process's environment is seen by more programs than
//! a file.

use std::fs::File;
use std::io::Read as _;

use zeroize::Zeroizing;

use crate::signing::SecretKey;

use super::{ConfigError, SecretKeyFileError};

/// The bytes that a file may have, so that a device that never ends is not read for ever.
const LONGEST: usize = 4096;
const ONE_MORE: u64 = LONGEST as u64 + 1;

/// The key in the file at `path`, which the variable or setting names.
pub(super) fn read(variable: &'static str, path: &str) -> Result<SecretKey, ConfigError> {
    key(path).map_err(|error| ConfigError::SecretKeyFile {
        variable,
        path: path.to_owned(),
        error,
    })
}

fn key(path: &str) -> Result<SecretKey, SecretKeyFileError> {
    // Room for all of it at once: a growing vector leaves copies behind, which nobody wipes.
    let mut bytes = Zeroizing::new(Vec::with_capacity(LONGEST + 1));
    File::open(path)
        .and_then(|file| file.take(ONE_MORE).read_to_end(&mut bytes))
        .map_err(|error| SecretKeyFileError::Unreadable(error.kind()))?;
    if bytes.len() > LONGEST {
        return Err(SecretKeyFileError::TooLong);
    }
    let text = str::from_utf8(&bytes).map_err(|_| SecretKeyFileError::NotText)?;
    SecretKey::new(without_newline(text)).map_err(SecretKeyFileError::Key)
}

/// An editor ends a file's last line, and so does `openssl rand -hex 32 > key`. Other white space is part of the key.
fn without_newline(text: &str) -> &str {
    let line = text.strip_suffix('\n');
    line.map_or(text, |line| line.strip_suffix('\r').unwrap_or(line))
}

#[cfg(test)]
pub(super) mod tests {
    use std::path::PathBuf;

    use super::*;
    use crate::signing::SecretKeyError;

    const KEY: &str = "e3b0c44298fc1c149afbf4c8996fb924";

    /// A file for one test, which goes with it.
    pub(in super::super) struct TestFile(PathBuf);

    impl TestFile {
        pub(in super::super) fn new(content: impl AsRef<[u8]>) -> Self {
            let unique = SecretKey::generate();
            let name = str::from_utf8(unique.expose_secret()).unwrap();
            let path = std::env::temp_dir().join(format!("session-runtime-{name}"));
            std::fs::write(&path, content).unwrap();
            Self(path)
        }

        pub(in super::super) fn path(&self) -> &str {
            self.0.to_str().unwrap()
        }
    }

    impl Drop for TestFile {
        fn drop(&mut self) {
            let _ = std::fs::remove_file(&self.0);
        }
    }

    fn sentence(content: impl AsRef<[u8]>) -> String {
        let file = TestFile::new(content);
        let error = read("SECRET_KEY_FILE", file.path())
            .unwrap_err()
            .to_string();
        error.replace(file.path(), "FILE")
    }

    #[test]
    fn one_line_end_is_no_part_of_the_key() {
        for (content, key) in [
            (KEY.to_owned(), KEY.to_owned()),
            (format!("{KEY}\n"), KEY.to_owned()),
            (format!("{KEY}\r\n"), KEY.to_owned()),
            (format!("{KEY}\n\n"), format!("{KEY}\n")),
            (format!(" {KEY} "), format!(" {KEY} ")),
            (format!("{KEY}\r"), format!("{KEY}\r")),
        ] {
            let file = TestFile::new(&content);
            let read = read("SECRET_KEY_FILE", file.path()).unwrap();
            assert_eq!(read.expose_secret(), key.as_bytes(), "{content:?}");
        }
    }

    #[test]
    fn a_file_that_is_not_there_or_no_file_is_said_with_its_path() {
        let missing = std::env::temp_dir().join("session-runtime/no/such/key");
        for (path, why) in [
            (missing.to_str().unwrap(), "entity not found"),
            (std::env::temp_dir().to_str().unwrap(), "is a directory"),
        ] {
            assert_eq!(
                read("SECRET_KEY_FILE", path).unwrap_err().to_string(),
                format!(
                    "SECRET_KEY_FILE: {path} cannot be read ({why}); check the path, and that this process may read it"
                )
            );
        }
    }

    #[test]
    fn what_is_in_the_file_is_judged_as_a_key_and_never_shown() {
        assert_eq!(
            sentence(""),
            "SECRET_KEY_FILE: FILE holds no good key: the secret key is empty: take 64 random hex digits, as `openssl rand -hex 32` prints them"
        );
        assert!(sentence("\n").contains("the secret key is empty"));
        assert!(sentence("changeme\n").contains("everybody knows"));
        assert!(!sentence("hunter2").contains("hunter2"));
        assert_eq!(
            sentence([0xFF; 32]),
            "SECRET_KEY_FILE: FILE is not UTF-8; write the key as text, as `openssl rand -hex 32` prints it"
        );
        assert_eq!(
            sentence(KEY.repeat(200)),
            "SECRET_KEY_FILE: FILE has more than 4096 bytes; name a file that holds the key alone"
        );
    }

    #[test]
    fn an_error_says_which_rule_the_key_breaks() {
        let file = TestFile::new("xJ4#q");
        let ConfigError::SecretKeyFile { error, .. } = read("s", file.path()).unwrap_err() else {
            panic!()
        };
        let short = SecretKeyError::Short { bytes: 5 };
        assert_eq!(error, SecretKeyFileError::Key(short));
    }
}
