//! The recorded cookies, and what real Flask made of each; `tests/data/flask/README.md` says what the fields mean.

#![allow(dead_code, reason = "each test program uses a part of it")]

use serde::Deserialize;
use serde_json::Value;

#[derive(Deserialize)]
pub struct Vector {
    pub kind: String,
    pub secret: String,
    pub fallbacks: Vec<String>,
    pub digest: String,
    pub key_derivation: String,
    pub salt: String,
    pub lifetime: u64,
    pub now: u64,
    pub cookie: String,
    pub outcome: Outcome,
    pub data: Option<Value>,
    #[serde(default)]
    pub strict: bool,
}

#[derive(Clone, Copy, Debug, Deserialize, PartialEq, Eq)]
#[serde(rename_all = "lowercase")]
pub enum Outcome {
    Session,
    Empty,
    Error,
}

pub fn vectors() -> Vec<Vector> {
    let vectors: Vec<Vector> =
        serde_json::from_str(include_str!("../data/flask/vectors.json")).unwrap();
    assert_eq!(vectors.len(), 1_614);
    vectors
}
