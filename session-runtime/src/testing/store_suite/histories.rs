//! What many requests were answered that read, set, took, updated, renewed and ended one session at the same time, tried as a
//! whole: counts at the end show what was lost, a history also what was seen in between.

use std::sync::{Arc, Mutex, PoisonError};

use super::history::{History, Outcome, Seen, Step};
use super::parallel::parallel;
use super::subject::{Subject, must_be, owned, random_secret};
use crate::store::{Committed, Opened, Renewal, SecretHash, SessionStore, Taken};

/// The values of the session. One history each.
const NAMES: [&str; 2] = ["a", "b"];

/// How many requests run at the same time, and how many steps each takes, of at most two questions.
const REQUESTS: usize = 8;
const STEPS: usize = 7;

/// As if somebody had asked all of it in some order.
pub async fn what_parallel_requests_are_answered_has_an_order<S: SessionStore>(store: S) {
    let store = Arc::new(store);
    for round in 0..8 {
        let subject = Subject::create_with(&store, |session| {
            session.values = owned(&NAMES.map(|name| (name, "0")));
        })
        .await;
        let newest = (0, subject.secret);
        let recorded = Arc::new(Recorded {
            histories: NAMES.map(|_| History::new(Some("0".to_owned()))),
            newest: Mutex::new(newest),
            subject,
        });
        parallel(REQUESTS, |request| {
            let recorded = Arc::clone(&recorded);
            async move {
                for step in 0..STEPS {
                    recorded.step(round, request, step).await;
                }
            }
        })
        .await;
        for (name, history) in NAMES.iter().zip(&recorded.histories) {
            if let Err(unexplained) = history.check() {
                super::super::wrong(&format!(
                    "the store contradicts itself about the value {name:?}: {unexplained}"
                ));
            }
        }
    }
}

/// A session, and what was asked of it so far.
struct Recorded<S> {
    subject: Subject<S>,
    histories: [History; 2],
    /// The last generation that somebody was told of, and its secret.
    newest: Mutex<(u64, SecretHash)>,
}

impl<S: SessionStore> Recorded<S> {
    async fn step(&self, round: usize, request: usize, step: usize) {
        let which = (round + request + step) % NAMES.len();
        let value = format!("{request}.{step}");
        let newest = match request % 4 {
            // Loaded before all others, and slow.
            2 => (0, self.subject.secret),
            _ => *self.newest.lock().unwrap_or_else(PoisonError::into_inner),
        };
        match (5 * request + 3 * step + round) % 8 {
            _ if (request, step) == (0, STEPS / 2) => self.renew(newest.0).await,
            _ if (request, step) == (1, STEPS - 1) => self.end().await,
            0 | 1 => drop(self.get(newest, which).await),
            2 | 3 => self.set(newest.0, which, value).await,
            4 => self.take(newest.0, which).await,
            _ => self.update(newest, which, value).await,
        }
    }

    /// What is found of this value. The others' histories hear of theirs.
    async fn get(&self, (generation, secret): (u64, SecretHash), which: usize) -> Seen {
        let began: Vec<_> = self.histories.iter().map(History::begin).collect();
        let opened = self.subject.open_by(secret).await;
        let seen = NAMES.map(|name| match &opened {
            Opened::Alive(loaded) => {
                let found = loaded.values.iter().find(|(found, _)| found == name);
                Seen::Value(found.map(|(_, value)| value.clone()))
            }
            Opened::Superseded { .. } => Seen::Superseded,
            other => {
                let fault = "the store answers wrongly to whoever opens a session that was ended at the same time";
                must_be(other, &Opened::Ended, fault);
                Seen::Ended
            }
        });
        for ((history, began), seen) in self.histories.iter().zip(began).zip(&seen) {
            history.end(began, Step::Get(generation, seen.clone()));
        }
        seen[which].clone()
    }

    async fn set(&self, generation: u64, which: usize, value: String) {
        let began = self.histories[which].begin();
        let committed = self
            .subject
            .commit(|commit| {
                commit.generation = generation;
                commit.set = owned(&[(NAMES[which], &value)]);
            })
            .await;
        self.histories[which].end(began, Step::Set(generation, value, outcome(&committed)));
    }

    async fn take(&self, generation: u64, which: usize) {
        let began = self.histories[which].begin();
        let taken = self
            .subject
            .take_with(&[NAMES[which]], |take| take.generation = generation)
            .await;
        let taken = match taken {
            Taken::Values(mut values) => Ok(values.pop().map(|(_, value)| value)),
            Taken::Gone => Err(Outcome::Gone),
            Taken::Superseded => Err(Outcome::Superseded),
        };
        self.histories[which].end(began, Step::Take(generation, taken));
    }

    async fn update(&self, newest: (u64, SecretHash), which: usize, to: String) {
        let Seen::Value(from) = self.get(newest, which).await else {
            return;
        };
        // The handler computes the value, and others go on meanwhile.
        tokio::task::yield_now().await;
        let generation = newest.0;
        let began = self.histories[which].begin();
        let committed = self
            .subject
            .commit(|commit| {
                commit.generation = generation;
                commit.expected = vec![(NAMES[which].to_owned(), from.clone())];
                commit.set = owned(&[(NAMES[which], &to)]);
            })
            .await;
        let step = Step::Update {
            generation,
            from,
            to,
            outcome: outcome(&committed),
        };
        self.histories[which].end(began, step);
    }

    async fn renew(&self, generation: u64) {
        let began: Vec<_> = self.histories.iter().map(History::begin).collect();
        let secret = random_secret();
        let committed = self
            .subject
            .commit(|commit| {
                commit.generation = generation;
                commit.renewal = Some(Renewal {
                    secret,
                    keeps_user: true,
                });
            })
            .await;
        let outcome = outcome(&committed);
        for (history, began) in self.histories.iter().zip(began) {
            history.end(began, Step::Renew(generation, outcome));
        }
        if outcome == Outcome::Applied {
            let mut newest = self.newest.lock().unwrap_or_else(PoisonError::into_inner);
            *newest = (generation + 1, secret);
        }
    }

    async fn end(&self) {
        let began: Vec<_> = self.histories.iter().map(History::begin).collect();
        let was_alive = self.subject.end().await;
        for (history, began) in self.histories.iter().zip(began) {
            history.end(began, Step::End(was_alive));
        }
    }
}

fn outcome(committed: &Committed) -> Outcome {
    match committed {
        Committed::Applied => Outcome::Applied,
        Committed::Gone => Outcome::Gone,
        Committed::Superseded => Outcome::Superseded,
        Committed::Conflict { .. } => Outcome::Conflict,
        other => {
            let fault = "the store answers wrongly to a commit that asks neither for a lease nor for an end";
            must_be(other, &Committed::Applied, fault);
            Outcome::Applied
        }
    }
}
