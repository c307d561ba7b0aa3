//! Real Flask, in one process that answers line by line.

use std::io::{BufRead, BufReader, Write};
use std::process::{ChildStdin, ChildStdout, Command, Stdio};
use std::thread;

use serde::{Deserialize, Serialize};

use super::data::{Data, Members};
use super::forge::{NOW, SECRET};

pub struct Flask {
    input: Option<ChildStdin>,
    output: BufReader<ChildStdout>,
}

/// What Flask made of a request's `Cookie` header.
#[derive(Debug, Default, Deserialize)]
pub struct Opened {
    /// Why it answered 500.
    pub raised: Option<String>,
    /// How long the session's JSON text is, in bytes.
    #[serde(default)]
    pub length: usize,
    /// How long that text is as Python compresses it.
    #[serde(default)]
    pub deflated: usize,
    /// What no signer writes.
    #[serde(default)]
    pub oddities: Vec<String>,
    /// Missing where it is nested too deeply to be said.
    data: Option<Data>,
    #[serde(skip)]
    pub is_session: bool,
}

impl Opened {
    pub fn is_odd(&self, oddity: &str) -> bool {
        self.oddities.iter().any(|known| known == oddity)
    }

    /// The members of a session that is not empty.
    pub fn members(&self) -> Option<&Members> {
        match &self.data {
            Some(Data::Dict(members)) => Some(members),
            _ => None,
        }
    }
}

impl Flask {
    #[expect(
        clippy::zombie_processes,
        reason = "it lives as long as the test program, and ends with it"
    )]
    pub fn start() -> Self {
        let python = std::env::var("SESSION_TEST_PYTHON").expect(
            "SESSION_TEST_PYTHON must name a Python that has tests/python/requirements.txt; `cargo xtask test` sets it",
        );
        let script = concat!(
            env!("CARGO_MANIFEST_DIR"),
            "/tests/python/share_sessions.py"
        );
        let mut child = Command::new(python)
            .args([script, SECRET, &NOW.to_string()])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let output = BufReader::new(child.stdout.take().unwrap());
        Self {
            input: child.stdin.take(),
            output,
        }
    }

    /// The cookies that Flask sends for these sessions.
    pub fn mint(&mut self, sessions: &[Members]) -> Vec<String> {
        #[derive(Deserialize)]
        struct Minted {
            cookie: String,
        }
        let asked = sessions
            .iter()
            .map(|members| serde_json::json!({"mint": Data::Dict(members.clone())}));
        let minted: Vec<Minted> = self.ask(asked);
        minted.into_iter().map(|minted| minted.cookie).collect()
    }

    /// What Flask makes of these `Cookie` headers.
    pub fn read(&mut self, headers: &[Vec<u8>]) -> Vec<Opened> {
        // A WSGI server hands a header over as Latin-1.
        let latin1 =
            |header: &[u8]| -> String { header.iter().map(|&byte| char::from(byte)).collect() };
        let asked = headers
            .iter()
            .map(|header| serde_json::json!({"read": latin1(header)}));
        let mut opened: Vec<Opened> = self.ask(asked);
        for opened in &mut opened {
            opened.is_session = opened.length > 0;
        }
        opened
    }

    fn ask<T: for<'de> Deserialize<'de>>(
        &mut self,
        asked: impl ExactSizeIterator<Item = impl Serialize>,
    ) -> Vec<T> {
        let count = asked.len();
        let mut lines = String::new();
        for line in asked {
            lines.push_str(&serde_json::to_string(&line).unwrap());
            lines.push('\n');
        }
        // From another thread, because the answers must be read meanwhile.
        let mut input = self.input.take().unwrap();
        let writer = thread::spawn(move || {
            input.write_all(lines.as_bytes()).unwrap();
            input.flush().unwrap();
            input
        });
        let mut answers = Vec::with_capacity(count);
        let mut line = String::new();
        for at in 0..count {
            line.clear();
            self.output.read_line(&mut line).unwrap();
            assert!(!line.is_empty(), "the script ended at its line {at}");
            answers.push(
                serde_json::from_str(&line).unwrap_or_else(|error| panic!("{error}: {line}")),
            );
        }
        self.input = Some(writer.join().unwrap());
        answers
    }
}
