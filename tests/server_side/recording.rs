//! What was asked of one session over HTTP and what was answered, written down while it happens, and tried afterwards against what
//! each question means when they come one after another. It knows the example's routes, and neither browsers nor stores.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, Ordering};

use session_runtime::testing::store_suite::history::{History, Outcome, Step, Unexplained};

use crate::browser::ask;
use crate::common::Answer;

/// A cookie, and how often the session had been renewed when it was new.
#[derive(Clone, Debug)]
pub struct Secret {
    pub generation: u64,
    pub cookie: String,
}

/// A request and its answer, and between which ticks of the recording's clock it was on its way.
#[derive(Debug)]
pub struct Exchange {
    began: u64,
    over: u64,
    pub generation: u64,
    pub method: &'static str,
    pub path: String,
    pub status: u16,
    pub text: String,
}

/// The exchanges about one session, which is ended once or renewed once, or neither.
pub struct Recording {
    /// What was in the session when it began.
    before: BTreeMap<String, String>,
    clock: AtomicU64,
    exchanges: Mutex<Vec<Exchange>>,
}

impl Recording {
    /// Begins with a session of which `/keys` shows this.
    pub fn of(keys: &str) -> Self {
        Self {
            before: values(keys),
            clock: AtomicU64::new(0),
            exchanges: Mutex::default(),
        }
    }

    /// Sends a request, waits for its answer, and writes both down.
    pub fn send(&self, address: &str, secret: &Secret, method: &'static str, path: &str) -> Answer {
        let began = self.clock.fetch_add(1, Ordering::SeqCst);
        let answer = ask(address, method, path, Some(&secret.cookie)).unwrap();
        let over = self.clock.fetch_add(1, Ordering::SeqCst);
        self.exchanges.lock().unwrap().push(Exchange {
            began,
            over,
            generation: secret.generation,
            method,
            path: path.to_owned(),
            status: answer.status,
            text: answer.text.clone(),
        });
        answer
    }

    /// Asserts that the answers have an order for each value, and that the renewal, or the end, has its place in all of them.
    pub fn check(&self) -> Result<(), Unexplained> {
        let exchanges = self.exchanges.lock().unwrap();
        let any = |path: &str| exchanges.iter().any(|exchange| exchange.path == path);
        // A visitor who is told 409 is not told which.
        let refusal = match (any("/renew"), any("/logout")) {
            (true, true) => panic!("it is not to be told which of the two a refusal comes from"),
            (_, true) => Outcome::Gone,
            _ => Outcome::Superseded,
        };
        let mut names: BTreeSet<&str> = exchanges.iter().filter_map(Exchange::written).collect();
        names.extend(self.before.keys().map(String::as_str));
        names.iter().try_for_each(|name| {
            let mut ticks = Vec::new();
            for exchange in exchanges.iter() {
                if let Some(step) = exchange.step(name, refusal) {
                    ticks.push((exchange.began, exchange.began, None));
                    ticks.push((exchange.over, exchange.began, Some(step)));
                }
            }
            ticks.sort_by_key(|(tick, ..)| *tick);
            let history = History::new(self.before.get(*name).cloned());
            let mut begun = BTreeMap::new();
            for (_, which, step) in ticks {
                match step {
                    None => drop(begun.insert(which, history.begin())),
                    Some(step) => history.end(begun[&which], step),
                }
            }
            history.check()
        })
    }

    /// The value of this name when it began.
    pub fn before(&self, name: &str) -> &str {
        &self.before[name]
    }

    /// The last exchange of which this is so, to be altered.
    pub fn last(&mut self, is_so: impl Fn(&Exchange) -> bool) -> &mut Exchange {
        let exchanges = self.exchanges.get_mut().unwrap();
        exchanges.sort_by_key(|exchange| exchange.over);
        let last = exchanges.iter_mut().rev().find(|exchange| is_so(exchange));
        last.expect("there was none of this kind, so it shows nothing")
    }
}

impl Exchange {
    /// The name of the value that it changes.
    fn written(&self) -> Option<&str> {
        match *self.segments() {
            ["key", name, _] => Some(name),
            ["flash", ..] => Some("flash"),
            ["visit"] => Some("visits"),
            _ => None,
        }
    }

    /// What it is to the value of this name, if anything.
    fn step(&self, name: &str, refusal: Outcome) -> Option<Step> {
        let outcome = match self.status {
            200 => Outcome::Applied,
            409 => refusal,
            other => panic!("{other} is never answered: {self:?}"),
        };
        let generation = self.generation;
        let text = || self.text.clone();
        match (self.method, &*self.segments()) {
            ("GET", ["keys"]) => Some(Step::Read(values(&self.text).remove(name))),
            ("GET", ["whoami"]) if name == "user_id" => {
                Some(Step::Read((self.text != "nobody").then(text)))
            }
            ("POST", ["renew"]) => Some(Step::Renew(generation, outcome)),
            // There is one, so that it finds the session alive.
            ("POST", ["logout"]) => Some(Step::End(true)),
            _ if self.written() != Some(name) => None,
            ("PUT", ["key", _, value]) | ("POST", ["flash", value]) => {
                Some(Step::Set(generation, (*value).to_owned(), outcome))
            }
            ("GET", ["flash"]) => Some(match outcome {
                // Where there is nothing to be taken nothing is taken, also from a session that is over.
                Outcome::Applied if self.text.is_empty() => Step::Read(None),
                Outcome::Applied => Step::Take(generation, Ok(Some(text()))),
                refusal => Step::Take(generation, Err(refusal)),
            }),
            ("POST", ["visit"]) => {
                let count: u64 = match outcome {
                    Outcome::Applied => self.text.parse().unwrap(),
                    // What it would have been is not known.
                    _ => 1,
                };
                let before = count - 1;
                Some(Step::Update {
                    generation,
                    from: (before > 0).then(|| before.to_string()),
                    to: count.to_string(),
                    outcome,
                })
            }
            (method, path) => panic!("{method} {path:?} has no meaning here"),
        }
    }

    fn segments(&self) -> Vec<&str> {
        self.path.split('/').skip(1).collect()
    }
}

/// What `/keys` shows.
fn values(keys: &str) -> BTreeMap<String, String> {
    let pairs = keys.lines().map(|line| line.split_once('=').unwrap());
    pairs
        .map(|(name, value)| (name.to_owned(), value.to_owned()))
        .collect()
}
