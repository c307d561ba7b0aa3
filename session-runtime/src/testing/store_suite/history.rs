//! What was asked of a session at the same time, and what was answered, tried against its meaning: there must be an order in
//! which the same questions, asked one after another, have the same answers, and none is answered before one that was over
//! when it began. That is linearizability, as Herlihy and Wing define it; the search is that of Wing and Gong.
//!
//! A history is about one value of one session. What concerns the whole session, its renewals and its end, stands in the
//! history of each of its values.
// It knows no store: whoever asks writes down what he was answered.

use std::collections::HashSet;
use std::sync::Mutex;
use std::sync::PoisonError;
use std::sync::atomic::{AtomicU64, Ordering};

/// How many questions a history holds at most: the search keeps a bit for each.
pub const LIMIT: usize = 128;

/// What was asked and what was answered, about one value of one session.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Step {
    /// The session was opened by the secret of this generation, and the value found to be this.
    Get(u64, Seen),
    /// A handler has read the value: that of a session that was renewed meanwhile as well, and none in one that has ended.
    Read(Option<String>),
    /// The value was set in a session that had been loaded in this generation.
    Set(u64, String, Outcome),
    /// The value was removed and returned.
    Take(u64, Result<Option<String>, Outcome>),
    /// The value was set if it was still what had been loaded.
    Update {
        /// The session's generation when it was loaded.
        generation: u64,
        /// What the value was then.
        from: Option<String>,
        /// What it is to be.
        to: String,
        /// What was answered.
        outcome: Outcome,
    },
    /// The session was renewed.
    Renew(u64, Outcome),
    /// The session was ended. Whether it was alive.
    End(bool),
}

/// What whoever opened a session has seen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Seen {
    /// The session, and this value in it.
    Value(Option<String>),
    /// That it was renewed since.
    Superseded,
    /// That it has ended.
    Ended,
}

/// What became of a change.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// It was applied.
    Applied,
    /// The session has ended.
    Gone,
    /// The session was renewed since it was loaded.
    Superseded,
    /// The value was another than expected.
    Conflict,
}

/// A step, and between which ticks of the history's clock it was taken.
#[derive(Clone, Debug)]
struct Event {
    began: u64,
    over: u64,
    step: Step,
}

/// Steps that were taken at the same time, about one value of one session. They are written down from several tasks.
///
/// ```
/// use session_runtime::testing::store_suite::history::{History, Seen, Step};
///
/// let history = History::new(Some("1".to_owned()));
/// let (one, other) = (history.begin(), history.begin());
/// history.end(one, Step::Take(0, Ok(Some("1".to_owned()))));
/// history.end(other, Step::Take(0, Ok(None)));
/// assert_eq!(history.check(), Ok(()));
///
/// // Nobody has put it back.
/// let later = history.begin();
/// history.end(later, Step::Get(0, Seen::Value(Some("1".to_owned()))));
/// assert!(history.check().is_err());
/// ```
#[derive(Debug)]
pub struct History {
    value: Option<String>,
    clock: AtomicU64,
    events: Mutex<Vec<Event>>,
}

/// When a step began.
#[derive(Clone, Copy, Debug)]
pub struct Began(u64);

/// No order of the steps explains the answers.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "no order of these steps, one after another, gives these answers; each with when it began and was over:\n{steps}"
)]
pub struct Unexplained {
    steps: String,
}

impl History {
    /// The history of a living session of generation 0, in which the value is this.
    #[must_use]
    pub fn new(value: Option<String>) -> Self {
        Self {
            value,
            clock: AtomicU64::new(0),
            events: Mutex::default(),
        }
    }

    /// Says that a step begins, before it is taken.
    #[must_use]
    pub fn begin(&self) -> Began {
        Began(self.clock.fetch_add(1, Ordering::SeqCst))
    }

    /// Says what a step was and how it was answered, after it was.
    pub fn end(&self, began: Began, step: Step) {
        let over = self.clock.fetch_add(1, Ordering::SeqCst);
        let event = Event {
            began: began.0,
            over,
            step,
        };
        let mut events = self.events.lock().unwrap_or_else(PoisonError::into_inner);
        events.push(event);
    }

    /// Looks for an order of the steps in which each is answered as it was.
    ///
    /// # Errors
    ///
    /// There is none, and the history shows what the store did wrong; or it holds more than [`LIMIT`] steps.
    pub fn check(&self) -> Result<(), Unexplained> {
        let mut events = self
            .events
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clone();
        events.sort_by_key(|event| event.began);
        let session = Session {
            value: self.value.clone(),
            generation: 0,
            ended: false,
        };
        if events.len() <= LIMIT && is_explained(&events, session) {
            return Ok(());
        }
        let line =
            |event: &Event| format!("{:4} to {:4}: {:?}", event.began, event.over, event.step);
        let mut lines: Vec<_> = events.iter().map(line).collect();
        if events.len() > LIMIT {
            lines.insert(
                0,
                format!("(more than {LIMIT} steps: too many to be tried)"),
            );
        }
        Err(Unexplained {
            steps: lines.join("\n"),
        })
    }
}

/// A session as one value of it is concerned.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
struct Session {
    value: Option<String>,
    generation: u64,
    ended: bool,
}

impl Session {
    /// The session after this step, if it answers so.
    fn after(&self, step: &Step) -> Option<Self> {
        let mut next = self.clone();
        let answers = match step {
            Step::Get(generation, seen) => {
                *seen
                    == if self.ended {
                        Seen::Ended
                    } else if self.generation != *generation {
                        Seen::Superseded
                    } else {
                        Seen::Value(self.value.clone())
                    }
            }
            Step::Read(found) if self.ended => found.is_none(),
            Step::Read(found) => *found == self.value,
            Step::Set(generation, value, outcome) => {
                next.value = Some(value.clone());
                *outcome == self.outcome(*generation)
            }
            Step::Take(generation, taken) => {
                next.value = None;
                *taken
                    == match self.outcome(*generation) {
                        Outcome::Applied => Ok(self.value.clone()),
                        other => Err(other),
                    }
            }
            Step::Update {
                generation,
                from,
                to,
                outcome,
            } => {
                next.value = Some(to.clone());
                *outcome
                    == match self.outcome(*generation) {
                        Outcome::Applied if *from != self.value => Outcome::Conflict,
                        other => other,
                    }
            }
            Step::Renew(generation, outcome) => {
                next.generation += 1;
                *outcome == self.outcome(*generation)
            }
            Step::End(was_alive) => {
                next.ended = true;
                *was_alive != self.ended
            }
        };
        let is_change = match step {
            Step::Get(..) | Step::Read(_) => false,
            Step::Take(_, taken) => taken.is_ok(),
            Step::Set(_, _, outcome) | Step::Update { outcome, .. } | Step::Renew(_, outcome) => {
                *outcome == Outcome::Applied
            }
            Step::End(was_alive) => *was_alive,
        };
        answers.then(|| if is_change { next } else { self.clone() })
    }

    fn outcome(&self, generation: u64) -> Outcome {
        if self.ended {
            Outcome::Gone
        } else if self.generation != generation {
            Outcome::Superseded
        } else {
            Outcome::Applied
        }
    }
}

/// Tries the orders, depth first. Where the same steps have led to the same session before, nothing new follows.
fn is_explained(events: &[Event], session: Session) -> bool {
    let all = events.len();
    let mut seen = HashSet::new();
    let mut open = vec![(0_u128, session)];
    while let Some((done, session)) = open.pop() {
        let left = || (0..all).filter(|number| done & (1 << number) == 0);
        // Whatever began after another was over comes after it.
        let Some(first_over) = left().map(|number| events[number].over).min() else {
            return true;
        };
        for number in left().filter(|&number| events[number].began < first_over) {
            if let Some(next) = session.after(&events[number].step) {
                let next = (done | 1 << number, next);
                if seen.insert(next.clone()) {
                    open.push(next);
                }
            }
        }
    }
    false
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Steps with when they began and were over.
    fn history(steps: &[(u64, u64, Step)]) -> Result<(), Unexplained> {
        let history = History::new(text("0"));
        *history.events.lock().unwrap() = steps
            .iter()
            .map(|(began, over, step)| Event {
                began: *began,
                over: *over,
                step: step.clone(),
            })
            .collect();
        history.check()
    }

    fn text(value: &str) -> Option<String> {
        Some(value.to_owned())
    }

    fn get(value: &str) -> Step {
        Step::Get(0, Seen::Value(text(value)))
    }

    fn set(value: &str) -> Step {
        Step::Set(0, value.to_owned(), Outcome::Applied)
    }

    fn update(from: &str, to: &str, outcome: Outcome) -> Step {
        Step::Update {
            generation: 0,
            from: text(from),
            to: to.to_owned(),
            outcome,
        }
    }

    #[test]
    fn steps_one_after_another_are_explained_by_their_order() {
        let steps = [
            get("0"),
            set("1"),
            get("1"),
            update("1", "2", Outcome::Applied),
            update("1", "3", Outcome::Conflict),
            Step::Take(0, Ok(text("2"))),
            Step::Take(0, Ok(None)),
            Step::Renew(0, Outcome::Applied),
            Step::Set(0, "4".to_owned(), Outcome::Superseded),
            Step::Get(0, Seen::Superseded),
            Step::Get(1, Seen::Value(None)),
            Step::Set(1, "5".to_owned(), Outcome::Applied),
            Step::Read(text("5")),
            Step::End(true),
            Step::Read(None),
            Step::End(false),
            Step::Get(1, Seen::Ended),
            Step::Take(1, Err(Outcome::Gone)),
            Step::Renew(1, Outcome::Gone),
        ];
        let steps: Vec<_> = (0..).step_by(2).zip(steps).collect();
        let steps: Vec<_> = steps
            .into_iter()
            .map(|(at, step)| (at, at + 1, step))
            .collect();
        assert_eq!(history(&steps), Ok(()));
    }

    #[test]
    fn steps_at_the_same_time_are_explained_by_any_order() {
        // The reader that was over first has seen what was set last.
        assert_eq!(
            history(&[
                (0, 9, set("1")),
                (1, 8, set("2")),
                (2, 3, get("2")),
                (4, 5, get("1"))
            ]),
            Ok(())
        );
        assert_eq!(history(&[(0, 3, get("1")), (1, 2, set("1"))]), Ok(()));
    }

    #[test]
    fn what_was_read_before_it_was_set_is_not_explained() {
        assert!(history(&[(0, 1, get("1")), (2, 3, set("1"))]).is_err());
    }

    #[test]
    fn a_lost_write_is_not_explained() {
        assert!(history(&[(0, 1, set("1")), (2, 3, get("0"))]).is_err());
    }

    #[test]
    fn a_value_that_goes_back_is_not_explained() {
        let steps = [(0, 9, set("1")), (1, 2, get("1")), (3, 4, get("0"))];
        assert!(history(&steps).is_err());
    }

    #[test]
    fn a_value_that_two_took_is_not_explained() {
        let take = Step::Take(0, Ok(text("0")));
        assert!(history(&[(0, 3, take.clone()), (1, 2, take)]).is_err());
    }

    #[test]
    fn a_value_that_was_taken_and_read_again_is_not_explained() {
        assert!(history(&[(0, 1, Step::Take(0, Ok(text("0")))), (2, 3, get("0"))]).is_err());
    }

    #[test]
    fn a_lost_update_is_not_explained() {
        let steps = [
            (0, 3, update("0", "1", Outcome::Applied)),
            (1, 2, update("0", "2", Outcome::Applied)),
        ];
        assert!(history(&steps).is_err());
    }

    #[test]
    fn a_conflict_without_another_change_is_not_explained() {
        assert!(history(&[(0, 1, update("0", "1", Outcome::Conflict))]).is_err());
    }

    #[test]
    fn a_revived_session_is_not_explained() {
        assert!(history(&[(0, 1, Step::End(true)), (2, 3, set("1"))]).is_err());
        assert!(history(&[(0, 1, Step::End(true)), (2, 3, get("0"))]).is_err());
        assert!(history(&[(0, 1, Step::End(true)), (2, 3, Step::Read(text("0")))]).is_err());
        let ends = [
            (0, 9, Step::End(true)),
            (1, 2, Step::Get(0, Seen::Ended)),
            (3, 4, get("0")),
        ];
        assert!(history(&ends).is_err());
    }

    #[test]
    fn a_session_that_ended_twice_is_not_explained() {
        assert!(history(&[(0, 3, Step::End(true)), (1, 2, Step::End(true))]).is_err());
    }

    #[test]
    fn a_write_that_outlives_a_renewal_is_not_explained() {
        let renew = Step::Renew(0, Outcome::Applied);
        assert!(history(&[(0, 1, renew.clone()), (2, 3, set("1"))]).is_err());
        assert!(history(&[(0, 3, renew.clone()), (1, 2, renew)]).is_err());
    }

    #[test]
    fn more_steps_than_can_be_tried_are_told() {
        let steps: Vec<_> = (0..200).map(|at| (2 * at, 2 * at + 1, get("0"))).collect();
        assert!(
            history(&steps)
                .unwrap_err()
                .to_string()
                .contains("too many")
        );
    }
}
