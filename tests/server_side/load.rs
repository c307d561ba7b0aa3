//! Requests without a pause for one session: some write a value each that nobody else writes, some read who is logged in. They
//! note what is acknowledged, what is refused, and every answer that no visitor may ever see.

use std::collections::BTreeSet;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

use crate::browser::ask;
use crate::common::Answer;

const WRITERS: usize = 4;

/// For how long a request may be on its way: five times as long as a store may take, since the machine may be busy.
const LONGEST: Duration = Duration::from_secs(10);

/// For how long something is waited for that is to happen.
pub const PATIENCE: Duration = Duration::from_secs(60);

/// Requests to one process, until they are stopped or the process is gone.
pub struct Load {
    notes: Arc<Notes>,
    threads: Vec<JoinHandle<()>>,
}

/// What has been answered so far.
#[derive(Default)]
pub struct Notes {
    is_over: AtomicBool,
    attempted: Mutex<BTreeSet<String>>,
    acknowledged: Mutex<BTreeSet<String>>,
    /// How often each writer was answered 503, and in the last place the reader.
    refused: [AtomicUsize; WRITERS + 1],
    /// How many writers and readers have found that the process is gone.
    gone: AtomicUsize,
    wrong: Mutex<Vec<String>>,
}

/// What was written, as `/keys` shows it.
#[derive(Default)]
pub struct Written {
    pub attempted: BTreeSet<String>,
    pub acknowledged: BTreeSet<String>,
}

impl Load {
    /// Begins to ask this process for the session of this cookie, which is this user's.
    pub fn on(address: &str, cookie: &str, user: &str) -> Self {
        static LOADS: AtomicUsize = AtomicUsize::new(0);
        let load = LOADS.fetch_add(1, Ordering::Relaxed);
        let notes = Arc::new(Notes::default());
        let start = |number: usize| {
            let notes = notes.clone();
            let [address, cookie, user] = [address, cookie, user].map(str::to_owned);
            thread::spawn(move || {
                let ask = |method, path: &str| ask(&address, method, path, Some(&cookie));
                for round in 0.. {
                    if notes.is_over.load(Ordering::Relaxed) {
                        return;
                    }
                    let began = Instant::now();
                    let answer = if number < WRITERS {
                        let name = format!("load{load}writer{number}n{round}");
                        let line = format!("{name}={round}");
                        notes.attempted.lock().unwrap().insert(line.clone());
                        let answer = ask("PUT", &format!("/key/{name}/{round}"));
                        notes.hear(answer, number, "ok", || {
                            notes.acknowledged.lock().unwrap().insert(line.clone());
                        })
                    } else {
                        notes.hear(ask("GET", "/whoami"), number, &user, || {})
                    };
                    notes.must(began.elapsed() < LONGEST, || {
                        format!("answered after {:?}", began.elapsed())
                    });
                    if !answer {
                        return;
                    }
                }
            })
        };
        let threads = (0..=WRITERS).map(start).collect();
        Self { notes, threads }
    }

    /// Waits until so many more writes were acknowledged.
    pub fn wait_for_acknowledged(&self, more: usize) {
        let acknowledged = || self.notes.acknowledged.lock().unwrap().len();
        let enough = acknowledged() + more;
        self.wait_until(|| acknowledged() >= enough);
    }

    /// Waits until each writer, and the reader, was refused so often.
    pub fn wait_for_refused(&self, times: usize) {
        let refused = &self.notes.refused;
        self.wait_until(|| {
            refused
                .iter()
                .all(|count| count.load(Ordering::Relaxed) >= times)
        });
    }

    /// Waits until nobody asks the process any more, since it is gone.
    pub fn wait_until_gone(&self) {
        self.wait_until(|| self.notes.gone.load(Ordering::Relaxed) == WRITERS + 1);
    }

    fn wait_until(&self, is_so: impl Fn() -> bool) {
        let began = Instant::now();
        while !is_so() {
            self.check();
            assert!(began.elapsed() < PATIENCE, "it does not happen");
            thread::sleep(Duration::from_millis(10));
        }
        self.check();
    }

    /// Ends it, and returns what was written.
    pub fn stop(mut self) -> Written {
        self.notes.is_over.store(true, Ordering::Relaxed);
        for thread in self.threads.drain(..) {
            thread.join().unwrap();
        }
        self.check();
        Written {
            attempted: self.notes.attempted.lock().unwrap().clone(),
            acknowledged: self.notes.acknowledged.lock().unwrap().clone(),
        }
    }

    /// Whether nobody was refused, and the process was always there.
    pub fn was_served_throughout(&self) -> bool {
        let mut counts = self.notes.refused.iter().chain([&self.notes.gone]);
        counts.all(|count| count.load(Ordering::Relaxed) == 0)
    }

    fn check(&self) {
        let wrong = self.notes.wrong.lock().unwrap();
        assert!(wrong.is_empty(), "{wrong:#?}");
    }
}

impl Drop for Load {
    fn drop(&mut self) {
        self.notes.is_over.store(true, Ordering::Relaxed);
    }
}

impl Notes {
    /// Hears an answer: of a request that was served with this text, or of one that could not be. Says whether to go on.
    fn hear(
        &self,
        answer: std::io::Result<Answer>,
        number: usize,
        text: &str,
        served: impl FnOnce(),
    ) -> bool {
        let Ok(answer) = answer else {
            self.gone.fetch_add(1, Ordering::Relaxed);
            return false;
        };
        match answer.status {
            200 if answer.text == text && answer.header("set-cookie").is_empty() => served(),
            503 if is_refusal(&answer) => {
                self.refused[number].fetch_add(1, Ordering::Relaxed);
                // As somebody who reads `Retry-After` does, but sooner.
                thread::sleep(Duration::from_millis(20));
            }
            status => self.must(false, || {
                format!("{status} {:?} {:?}", answer.text, answer.headers)
            }),
        }
        true
    }

    fn must(&self, is_so: bool, otherwise: impl FnOnce() -> String) {
        if !is_so {
            self.wrong.lock().unwrap().push(otherwise());
        }
    }
}

/// Whether it says that the session is not to be had at present, when to ask again, and leaves the cookie alone.
pub fn is_refusal(answer: &Answer) -> bool {
    let seconds: Result<u32, _> = answer.header("retry-after").parse();
    answer.status == 503 && seconds.is_ok() && answer.header("set-cookie").is_empty()
}

impl Written {
    /// Asserts that in what `/keys` shows is all that was acknowledged, and beside it nothing that nobody has written.
    pub fn must_be_in(&self, keys: &str, user: &str) {
        let keys: BTreeSet<_> = keys.lines().map(str::to_owned).collect();
        let lost: Vec<_> = self.acknowledged.difference(&keys).collect();
        assert!(lost.is_empty(), "lost: {lost:?}");
        let mut known = self.attempted.clone();
        known.insert(format!("user_id={user}"));
        known.insert("_permanent=true".to_owned());
        let invented: Vec<_> = keys
            .difference(&known)
            .filter(|line| !line.starts_with("visits="))
            .collect();
        assert!(invented.is_empty(), "nobody wrote: {invented:?}");
    }
}

impl Extend<Written> for Written {
    fn extend<I: IntoIterator<Item = Written>>(&mut self, more: I) {
        for more in more {
            self.attempted.extend(more.attempted);
            self.acknowledged.extend(more.acknowledged);
        }
    }
}
