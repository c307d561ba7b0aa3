//! The real binary, driven as a shell drives it.

#![allow(dead_code, reason = "each test program uses a part of it")]

use std::ffi::OsStr;
use std::io::{ErrorKind, Write};
use std::process::{Command, Stdio};
use std::thread;

use serde::Deserialize;
use serde_json::Value;
use serde_json::value::RawValue;

pub(crate) const T: u64 = 1_700_000_000;
/// Good enough that nothing warns of it.
pub(crate) const KEY: &str = "6d0f8a3c5be97124f0c1d2b3a4958677";

/// How the program ended and what it said.
#[derive(Debug, PartialEq)]
pub(crate) struct Ended {
    pub(crate) code: i32,
    pub(crate) out: String,
    pub(crate) err: String,
}

impl Ended {
    /// The one line on standard output, if all went well and nothing else was said.
    #[track_caller]
    pub(crate) fn quietly(&self) -> &str {
        assert_eq!((self.code, self.err.as_str()), (0, ""), "{self:?}");
        self.line()
    }

    /// The one line on standard output, if all went well.
    #[track_caller]
    pub(crate) fn line(&self) -> &str {
        assert_eq!(self.code, 0, "{self:?}");
        let line = self.out.strip_suffix('\n').unwrap();
        assert!(!line.contains('\n'), "{self:?}");
        line
    }

    /// What one line on standard error says, if nothing is on standard output.
    #[track_caller]
    pub(crate) fn refused(&self, code: i32) -> &str {
        assert_eq!((self.code, self.out.as_str()), (code, ""), "{self:?}");
        let line = self.err.strip_prefix("sessionctl: ").unwrap();
        let line = line.strip_suffix('\n').unwrap();
        assert!(!line.contains('\n'), "{self:?}");
        line
    }

    /// The lines on standard output, each a JSON object.
    #[track_caller]
    pub(crate) fn objects(&self) -> Vec<Value> {
        assert_eq!(self.code, 0, "{self:?}");
        let lines = self.out.strip_suffix('\n').unwrap().split('\n');
        let objects: Vec<Value> = lines
            .map(|line| serde_json::from_str(line).expect(line))
            .collect();
        assert!(objects.iter().all(Value::is_object), "{self:?}");
        objects
    }
}

/// Runs it with these arguments, and without a key from the environment of the test.
pub(crate) fn sessionctl<A: AsRef<OsStr>>(arguments: impl IntoIterator<Item = A>) -> Ended {
    run(arguments, &[], b"")
}

/// Runs it with this on standard input.
pub(crate) fn piped(arguments: &[&str], input: impl AsRef<[u8]>) -> Ended {
    run(arguments, &[], input.as_ref())
}

pub(crate) fn run<A: AsRef<OsStr>>(
    arguments: impl IntoIterator<Item = A>,
    environment: &[(&str, &str)],
    input: &[u8],
) -> Ended {
    let mut command = Command::new(env!("CARGO_BIN_EXE_sessionctl"));
    command
        .args(arguments)
        .env_remove("SECRET_KEY")
        .env_remove("SECRET_KEY_FALLBACKS")
        .envs(environment.iter().copied())
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    let mut child = command.spawn().unwrap();
    let mut stdin = child.stdin.take().unwrap();
    let output = thread::scope(|scope| {
        scope.spawn(move || match stdin.write_all(input) {
            // It did not want to read it all.
            Err(error) if error.kind() == ErrorKind::BrokenPipe => {}
            result => result.unwrap(),
        });
        child.wait_with_output().unwrap()
    });
    Ended {
        code: output.status.code().expect("it was ended by a signal"),
        out: String::from_utf8(output.stdout).unwrap(),
        err: String::from_utf8(output.stderr).unwrap(),
    }
}

/// A cookie, and what real Flask made of it: `tests/data/flask/README.md` says what the fields mean.
#[derive(Deserialize)]
pub(crate) struct Vector {
    pub(crate) kind: String,
    pub(crate) secret: String,
    pub(crate) fallbacks: Vec<String>,
    pub(crate) digest: String,
    pub(crate) key_derivation: String,
    pub(crate) salt: String,
    pub(crate) lifetime: u64,
    pub(crate) now: u64,
    pub(crate) cookie: String,
    pub(crate) outcome: String,
    /// As it stands there, so that no digit of a big integer is lost.
    pub(crate) data: Option<Box<RawValue>>,
    #[serde(default)]
    pub(crate) strict: bool,
}

pub(crate) fn vectors() -> Vec<Vector> {
    let vectors: Vec<Vector> =
        serde_json::from_str(include_str!("../../../tests/data/flask/vectors.json")).unwrap();
    assert_eq!(vectors.len(), 1_614);
    vectors
}
