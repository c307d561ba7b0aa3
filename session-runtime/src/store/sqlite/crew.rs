//! The threads that ask the file, since SQLite waits for the disk and for other processes, which nothing may do where requests
//! are served. Knows what a question is, and not what it says.
//!
//! Questions that only read have several threads. Those that change something have one, which asks what has gathered meanwhile in
//! one transaction: that costs little more than one question alone, and only other processes compete for the file's lock.

use std::collections::VecDeque;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};

use rusqlite::Connection;

use super::fault::Fault;
use super::file::SessionFile;
use super::log::Log;
use super::question::{Question, question};
use super::transaction::Transaction;
use crate::store::StoreError;

/// How many questions one transaction holds at most, so that other processes get their turn.
const MOST_TOGETHER: usize = 64;

/// Threads that ask questions of one kind, each with a connection of its own. They start when there is something to ask, and
/// end when this is dropped.
pub(super) struct Crew(Arc<Shared>);

struct Shared {
    file: SessionFile,
    kind: Kind,
    state: Mutex<State>,
    arrived: Condvar,
}

enum Kind {
    Readers { most: usize },
    Writer,
}

#[derive(Default)]
struct State {
    questions: VecDeque<Box<dyn Question>>,
    threads: usize,
    idle: usize,
    is_over: bool,
}

impl Crew {
    pub(super) fn readers(file: SessionFile, most: usize) -> Self {
        Self::new(file, Kind::Readers { most })
    }

    pub(super) fn writer(file: SessionFile) -> Self {
        Self::new(file, Kind::Writer)
    }

    /// The file that is asked.
    pub(super) fn file(&self) -> &SessionFile {
        &self.0.file
    }

    /// Asks the file, in a transaction.
    pub(super) async fn ask<A, T>(&self, ask: A) -> Result<T, StoreError>
    where
        A: FnOnce(&Connection) -> Result<T, Fault> + Send + 'static,
        T: Send + 'static,
    {
        let (question, answer) = question(ask);
        self.put(question)?;
        answer.await.unwrap_or_else(|_| {
            Err(StoreError::Failed {
                reason: "the thread that asks SQLite has stopped".to_owned(),
            })
        })
    }

    fn new(file: SessionFile, kind: Kind) -> Self {
        Self(Arc::new(Shared {
            file,
            kind,
            state: Mutex::default(),
            arrived: Condvar::new(),
        }))
    }

    fn put(&self, question: Box<dyn Question>) -> Result<(), StoreError> {
        let mut state = self.0.lock();
        if state.idle <= state.questions.len() && state.threads < self.0.kind.most_threads() {
            let shared = self.0.clone();
            let started = std::thread::Builder::new()
                .name("session-sqlite".to_owned())
                .spawn(move || Serving(shared).serve());
            match started {
                Ok(_) => state.threads += 1,
                // Another comes to it later.
                Err(_) if state.threads > 0 => {}
                Err(error) => {
                    return Err(StoreError::Unreachable {
                        reason: format!("no thread could be started that asks SQLite: {error}"),
                    });
                }
            }
        }
        state.questions.push_back(question);
        drop(state);
        self.0.arrived.notify_one();
        Ok(())
    }
}

impl Drop for Crew {
    fn drop(&mut self) {
        self.0.lock().is_over = true;
        self.0.arrived.notify_all();
    }
}

impl Shared {
    /// The questions that are to be asked next, together. Waits until there is one; there is none when the store is dropped.
    fn next(&self) -> Option<Vec<Box<dyn Question>>> {
        let mut state = self.lock();
        loop {
            if state.is_over {
                return None;
            }
            if !state.questions.is_empty() {
                let most = self.kind.most_together().min(state.questions.len());
                return Some(state.questions.drain(..most).collect());
            }
            state.idle += 1;
            state = self
                .arrived
                .wait(state)
                .unwrap_or_else(PoisonError::into_inner);
            state.idle -= 1;
        }
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        // Nothing panics while it holds the lock.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Kind {
    fn most_threads(&self) -> usize {
        match self {
            Self::Readers { most } => *most,
            Self::Writer => 1,
        }
    }

    fn most_together(&self) -> usize {
        match self {
            Self::Readers { .. } => 1,
            Self::Writer => MOST_TOGETHER,
        }
    }
}

/// A thread that serves, and is counted until it ends.
struct Serving(Arc<Shared>);

impl Serving {
    fn serve(&self) {
        let mut connection = None;
        let mut log = match self.0.kind {
            Kind::Readers { .. } => None,
            Kind::Writer => Some(Log::of(&self.0.file)),
        };
        while let Some(mut questions) = self.0.next() {
            questions.retain(|question| question.is_wanted());
            if !questions.is_empty() {
                self.answer(&mut connection, log.as_ref(), questions);
            }
            if let (Some(connection), Some(log)) = (&connection, &mut log) {
                log.look(connection);
            }
        }
    }

    fn connect(&self, log: Option<&Log>) -> Result<Connection, Fault> {
        let mut connection = self.0.file.connect()?;
        if let Some(log) = log {
            log.watch(&mut connection)?;
        }
        Ok(connection)
    }

    fn answer(
        &self,
        connection: &mut Option<Connection>,
        log: Option<&Log>,
        mut questions: Vec<Box<dyn Question>>,
    ) {
        let file = &self.0.file;
        let asked = match connection.take().map_or_else(|| self.connect(log), Ok) {
            Err(fault) => Err(fault),
            Ok(open) => {
                let asked = self.ask(&open, &mut questions);
                // After a fault of SQLite's the next question begins with a new connection.
                let is_sound = match &asked {
                    Ok(outcomes) => outcomes.iter().all(|outcome| !breaks(outcome)),
                    Err(fault) => fault.is_busy(),
                };
                *connection = is_sound.then_some(open);
                asked
            }
        };
        match asked {
            Ok(outcomes) => {
                for (question, outcome) in questions.into_iter().zip(outcomes) {
                    question.reply(outcome.map_err(|fault| file.tell(fault)));
                }
            }
            Err(fault) => {
                let error = file.tell(fault);
                for question in questions {
                    question.reply(Err(error.clone()));
                }
            }
        }
    }

    /// Asks these in one transaction, of which each is a part that may fail alone.
    fn ask(
        &self,
        connection: &Connection,
        questions: &mut [Box<dyn Question>],
    ) -> Result<Vec<Result<(), Fault>>, Fault> {
        let transaction = match self.0.kind {
            Kind::Readers { .. } => Transaction::read(connection)?,
            Kind::Writer => Transaction::write(connection)?,
        };
        let mut outcomes = Vec::with_capacity(questions.len());
        for question in questions {
            let outcome = match self.0.kind {
                Kind::Readers { .. } => question.ask(connection),
                // The lock may have come late.
                Kind::Writer if !question.is_wanted() => Ok(()),
                Kind::Writer => transaction.part(|connection| question.ask(connection)),
            };
            match outcome {
                Err(fault) if !transaction.is_open() => return Err(fault),
                outcome => outcomes.push(outcome),
            }
        }
        transaction.commit()?;
        Ok(outcomes)
    }
}

impl Drop for Serving {
    fn drop(&mut self) {
        self.0.lock().threads -= 1;
    }
}

fn breaks(outcome: &Result<(), Fault>) -> bool {
    matches!(outcome, Err(Fault::Sqlite(_)))
}
