//! The scripts, and how each question is spelled for its own. Knows no connection and no answer.
//!
//! One script answers one question that writes, so that it is one round trip and nothing happens in between. Redis keeps scripts by
//! their hash; where it has forgotten one it is sent again.

use std::sync::LazyLock;
use std::time::Duration;

use redis::Script;

use super::kept_life::KeptLife;
use super::keys::{Field, Keys, seconds};
use super::question::Asked;
use crate::store::{Commit, LeaseId, NewSession, Open, Refresh, SessionId, Take};

/// A script that begins with what all of them know of a session.
macro_rules! of_session {
    ($file:literal) => {
        LazyLock::new(|| {
            Script::new(concat!(
                include_str!("lua/session.lua"),
                include_str!($file)
            ))
        })
    };
}

static CREATE: LazyLock<Script> = of_session!("lua/create.lua");
static OPEN: LazyLock<Script> = of_session!("lua/open.lua");
static TAKE: LazyLock<Script> = of_session!("lua/take.lua");
static COMMIT: LazyLock<Script> = of_session!("lua/commit.lua");
static RELEASE: LazyLock<Script> = of_session!("lua/release.lua");
static END: LazyLock<Script> = of_session!("lua/end.lua");
static APPLY: LazyLock<Script> = LazyLock::new(|| Script::new(include_str!("lua/apply.lua")));
static INDEX: LazyLock<Script> = LazyLock::new(|| Script::new(include_str!("lua/index.lua")));

/// For how much longer than an entry of it holds a user's index is kept, in seconds.
const MARGIN: u64 = 300;

/// The longest time that Redis is asked to keep anything, in seconds. It counts in milliseconds, and refuses more.
const LONGEST: u64 = 100_000_000_000;

pub(super) fn create(keys: &Keys, session: &NewSession) -> Asked {
    let NewSession { life, now, .. } = session;
    let expires_at = seconds(life.expires_at(*now));
    let mut question = Asked::script(&CREATE, keys.session(session.id));
    question.arg(session.secret.as_bytes());
    question.arg(expires_at.saturating_sub(*now));
    let kept = KeptLife {
        generation: 0,
        created_at: seconds(*now),
        touched_at: seconds(*now),
        expires_at,
        idle: seconds(life.idle),
        ends_at: life.ends_at.map(seconds),
    };
    question.arg(kept.to_string());
    if let Some(user) = &session.user {
        question.arg("user").arg(user);
        question.arg("indexed").arg(seconds(*now));
    }
    if let Some(label) = &session.label {
        question.arg("label").arg(label);
    }
    for (name, value) in &session.values {
        question.arg(Field(name)).arg(value);
    }
    question
}

pub(super) fn open(keys: &Keys, open: &Open) -> Asked {
    let mut question = Asked::script(&OPEN, keys.session(open.id));
    question.arg(open.secret.as_bytes());
    question.arg(match open.refresh {
        Refresh::EachRequest => "each",
        Refresh::AfterTenth => "tenth",
        Refresh::Never => "never",
    });
    match &open.lease {
        Some((lease, until)) => question.arg(lease.as_bytes()).arg(seconds(*until)),
        None => question.arg("").arg(""),
    };
    question.arg(seconds(open.grace.as_secs()));
    question.arg(seconds(open.now));
    question
}

pub(super) fn take(keys: &Keys, take: &Take) -> Asked {
    let mut question = Asked::script(&TAKE, keys.session(take.id));
    question.arg(take.generation).arg(seconds(take.now));
    for name in &take.names {
        question.arg(Field(name));
    }
    question
}

/// An ordinary commit: values are set and removed, and nothing else changes.
pub(super) fn apply(keys: &Keys, commit: &Commit) -> Asked {
    let mut question = Asked::script(&APPLY, keys.session(commit.id));
    question.arg(commit.generation).arg(seconds(commit.now));
    lease(&mut question, commit);
    expected(&mut question, commit);
    removed(&mut question, commit);
    for (name, value) in &commit.set {
        question.arg(Field(name)).arg(value);
    }
    question
}

/// Any commit.
pub(super) fn commit(keys: &Keys, commit: &Commit) -> Asked {
    let mut question = Asked::script(&COMMIT, keys.session(commit.id));
    question.arg(commit.generation);
    lease(&mut question, commit);
    question.arg(seconds(commit.now));
    question.arg(seconds(commit.grace.as_secs()));
    question.arg(u8::from(commit.clear));
    question.arg(change(commit.user.as_ref()));
    question.arg(change(commit.label.as_ref()));
    match &commit.renewal {
        Some(renewal) => question
            .arg(renewal.secret.as_bytes())
            .arg(u8::from(renewal.keeps_user)),
        None => question.arg("").arg(""),
    };
    match &commit.life {
        Some(life) => {
            let end = life.ends_at.map(|end| seconds(end).to_string());
            question.arg(seconds(life.idle)).arg(present(end.as_ref()))
        }
        None => question.arg("").arg(""),
    };
    question.arg(u8::from(commit.ends_with_only.is_some()));
    expected(&mut question, commit);
    removed(&mut question, commit);
    question.arg(commit.set.len() * 2);
    for (name, value) in &commit.set {
        question.arg(Field(name)).arg(value);
    }
    let passing = commit.ends_with_only.unwrap_or_default();
    question.arg(passing.len());
    for name in passing {
        question.arg(Field(name));
    }
    question
}

fn lease(question: &mut Asked, commit: &Commit) {
    match &commit.lease {
        Some(lease) => question.arg(lease.as_bytes()),
        None => question.arg(""),
    };
}

fn expected(question: &mut Asked, commit: &Commit) {
    question.arg(commit.expected.len() * 2);
    for (name, value) in &commit.expected {
        question.arg(Field(name)).arg(present(value.as_ref()));
    }
}

fn removed(question: &mut Asked, commit: &Commit) {
    question.arg(commit.remove.len());
    for name in &commit.remove {
        question.arg(Field(name));
    }
}

pub(super) fn release(keys: &Keys, id: SessionId, lease: LeaseId) -> Asked {
    let mut question = Asked::script(&RELEASE, keys.session(id));
    question.arg(lease.as_bytes());
    question
}

/// Ends a session, if it is one `of` this user where one is named.
pub(super) fn end(
    keys: &Keys,
    id: SessionId,
    now: u64,
    grace: Duration,
    of: Option<&str>,
) -> Asked {
    let mut question = Asked::script(&END, keys.session(id));
    question.arg(seconds(now)).arg(seconds(grace.as_secs()));
    if let Some(user) = of {
        question.arg(user);
    }
    question
}

/// Notes in a user's index that a session is theirs.
pub(super) fn index(keys: &Keys, user: &str, id: SessionId, until: u64, now: u64) -> Asked {
    let kept = (until.saturating_sub(now).min(LONGEST) + MARGIN) * 1000;
    let mut question = Asked::script(&INDEX, keys.user(user));
    question.arg(id.to_string());
    question.arg(until).arg(seconds(now)).arg(kept);
    question
}

/// What may be there or not, so that an empty text is told from none.
fn present(value: Option<&String>) -> String {
    value.map_or_else(|| "-".to_owned(), |value| format!("={value}"))
}

/// What may change or not.
fn change(to: Option<&Option<String>>) -> String {
    to.map_or_else(String::new, |to| present(to.as_ref()))
}
