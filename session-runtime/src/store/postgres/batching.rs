//! Questions of one kind that arrive while another is under way: they wait for its answer, and then go together, as one statement
//! that takes one round trip and waits for the disk once. Whoever finds nothing under way asks alone and at once. Knows no
//! statement.

use std::collections::{HashSet, VecDeque};
use std::future::poll_fn;
use std::pin::pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::Poll;
use std::time::Duration;

use tokio::runtime::Handle;
use tokio::sync::oneshot;
use tokio::task::yield_now;
use tokio::time::{Instant, timeout};

use super::distance::{Distance, MOST_UNDER_WAY};
use crate::store::{SessionId, StoreError};

/// For how long what is under way is waited for. It may be waiting for a lock, or for an answer that is lost; then the next goes
/// beside it.
const PATIENCE: Duration = Duration::from_millis(1);

/// How many questions a batch has at most.
const LARGEST: usize = 64;

/// What several questions become.
pub(super) trait Batch: Send + Sync + 'static {
    type Question: Send + 'static;
    type Answer: Send + 'static;

    /// Whether an answer comes after what was done is on the disk.
    const WAITS_FOR_DISK: bool;

    /// The answers in the order of the questions. Where there is none the question is asked alone.
    fn ask(
        &self,
        questions: Vec<Self::Question>,
    ) -> impl Future<Output = Result<Vec<Option<Self::Answer>>, StoreError>> + Send;
}

/// The questions of one kind.
pub(super) struct Batching<B: Batch> {
    batch: B,
    distance: Arc<Distance>,
    state: Mutex<State<B>>,
}

struct State<B: Batch> {
    under_way: usize,
    /// Of which sessions something is under way, or waits.
    sessions: HashSet<SessionId>,
    waiting: VecDeque<Waiting<B>>,
    /// How many have waited so far.
    waited: u64,
}

struct Waiting<B: Batch> {
    number: u64,
    session: Option<SessionId>,
    question: B::Question,
    told: oneshot::Sender<Result<Arrival<B>, StoreError>>,
}

/// What becomes of a question.
pub(super) enum Arrival<B: Batch> {
    /// It is asked alone, and others wait until the turn is dropped.
    Alone(Turn<B>),
    /// It is asked alone, and nobody waits for it.
    Apart,
    /// It was asked in a batch.
    Answered(B::Answer),
}

/// One of the statements that may be under way. When it ends, however it ends, those who wait are next.
pub(super) struct Turn<B: Batch> {
    batching: Arc<Batching<B>>,
    sessions: Vec<SessionId>,
    begun: Option<Instant>,
}

impl<B: Batch> Batching<B> {
    pub(super) fn new(batch: B, distance: Arc<Distance>) -> Arc<Self> {
        let state = State {
            under_way: 0,
            sessions: HashSet::new(),
            waiting: VecDeque::new(),
            waited: 0,
        };
        Arc::new(Self {
            batch,
            distance,
            state: Mutex::new(state),
        })
    }

    /// Says that the question is to be asked alone, or waits until others have asked it with theirs. Of the same `session`, where one
    /// is named, nothing else is under way, or the question goes apart: it may have to wait for a lock.
    ///
    /// # Errors
    ///
    /// The batch has failed, and may have been done.
    pub(super) async fn arrive(
        self: &Arc<Self>,
        session: Option<SessionId>,
        question: B::Question,
    ) -> Result<Arrival<B>, StoreError> {
        let (number, mut answer, turn) = {
            let mut state = self.lock();
            if session.is_some_and(|session| !state.sessions.insert(session)) {
                return Ok(Arrival::Apart);
            }
            let (told, answer) = oneshot::channel();
            let number = state.waited;
            state.waited += 1;
            state.waiting.push_back(Waiting {
                number,
                session,
                question,
                told,
            });
            let turn = (state.under_way < self.distance.under_way()).then(|| {
                state.under_way += 1;
                self.turn()
            });
            (number, answer, turn)
        };
        if let Some(turn) = turn {
            // Other requests that are ready to ask come along, and nobody has waited.
            yield_now().await;
            drop(turn);
        }
        let told = match timeout(PATIENCE, &mut answer).await {
            Ok(told) => told,
            Err(_) => {
                self.begin_another(number);
                answer.await
            }
        };
        told.unwrap_or_else(|_| {
            Err(StoreError::Unreachable {
                reason: "the runtime on which it was asked has ended".to_owned(),
            })
        })
    }

    /// Sends what waits beside what is under way, if this one is still among it.
    fn begin_another(self: &Arc<Self>, number: u64) {
        let mut state = self.lock();
        let first = state.waiting.front();
        let waits = first.is_some_and(|first| first.number <= number);
        if waits && state.under_way < MOST_UNDER_WAY {
            state.under_way += 1;
            drop(state);
            drop(self.turn());
        }
    }

    /// A turn that has nothing under way yet: dropped, it begins with those who wait.
    fn turn(self: &Arc<Self>) -> Turn<B> {
        Turn {
            batching: self.clone(),
            sessions: Vec::new(),
            begun: None,
        }
    }

    fn lock(&self) -> MutexGuard<'_, State<B>> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl<B: Batch> State<B> {
    /// The next batch. Who does not wait any more is not asked for.
    fn next(&mut self) -> Vec<Waiting<B>> {
        let mut next = Vec::new();
        while next.len() < LARGEST
            && let Some(waiting) = self.waiting.pop_front()
        {
            if !waiting.told.is_closed() {
                next.push(waiting);
            } else if let Some(session) = waiting.session {
                self.sessions.remove(&session);
            }
        }
        next
    }
}

impl<B: Batch> Turn<B> {
    /// In a task of its own: one who has asked may give up, and the others do not. Where all have, it ends: nobody else would ever
    /// let go of a connection on which no answer comes.
    async fn carry_out(self, batch: Vec<Waiting<B>>) {
        let (questions, mut told): (Vec<_>, Vec<_>) = batch
            .into_iter()
            .map(|waiting| (waiting.question, waiting.told))
            .unzip();
        let answers = unless(self.batching.batch.ask(questions), async {
            for told in &mut told {
                told.closed().await;
            }
        });
        let answers = answers.await;
        drop(self);
        let Some(answers) = answers else { return };
        let mut answers = answers.map(Vec::into_iter);
        for told in told {
            let answer = match &mut answers {
                Ok(answers) => Ok(answers.next().flatten()),
                // What was refused was not done, and the fault may be one question's alone.
                Err(StoreError::Failed { .. }) => Ok(None),
                Err(error) => Err(error.clone()),
            };
            let arrival = answer.map(|answer| answer.map_or(Arrival::Apart, Arrival::Answered));
            // Who has given up is not told.
            let _ = told.send(arrival);
        }
    }
}

impl<B: Batch> Drop for Turn<B> {
    fn drop(&mut self) {
        if let Some(begun) = self.begun
            && !B::WAITS_FOR_DISK
        {
            self.batching.distance.note(begun.elapsed());
        }
        let mut next = {
            let mut state = self.batching.lock();
            for session in &self.sessions {
                state.sessions.remove(session);
            }
            let next = state.next();
            if next.is_empty() {
                state.under_way -= 1;
                return;
            }
            next
        };
        let turn = Self {
            batching: self.batching.clone(),
            sessions: next.iter().filter_map(|waiting| waiting.session).collect(),
            begun: Some(Instant::now()),
        };
        if next.len() == 1
            && let Some(waiting) = next.pop()
        {
            let _ = waiting.told.send(Ok(Arrival::Alone(turn)));
        } else if let Ok(runtime) = Handle::try_current() {
            runtime.spawn(turn.carry_out(next));
        }
    }
}

/// What comes of it, unless the end comes first.
async fn unless<T>(answer: impl Future<Output = T>, end: impl Future<Output = ()>) -> Option<T> {
    let (mut answer, mut end) = (pin!(answer), pin!(end));
    poll_fn(|context| match answer.as_mut().poll(context) {
        Poll::Ready(answer) => Poll::Ready(Some(answer)),
        Poll::Pending => end.as_mut().poll(context).map(|()| None),
    })
    .await
}

#[cfg(test)]
mod tests {
    use tokio::sync::Semaphore;
    use tokio::task::JoinHandle;

    use super::*;

    /// Answers with twice the number, but for 0, as soon as it may.
    #[derive(Default)]
    struct Doubling {
        batches: Mutex<Vec<Vec<u32>>>,
        may_answer: Option<Semaphore>,
        fails_with: Option<StoreError>,
    }

    impl Batch for Doubling {
        type Question = u32;
        type Answer = u32;
        const WAITS_FOR_DISK: bool = true;

        async fn ask(&self, numbers: Vec<u32>) -> Result<Vec<Option<u32>>, StoreError> {
            self.batches.lock().unwrap().push(numbers.clone());
            if let Some(may_answer) = &self.may_answer {
                may_answer.acquire().await.unwrap().forget();
            }
            if let Some(error) = &self.fails_with {
                return Err(error.clone());
            }
            let twice = |number: u32| (number > 0).then_some(number * 2);
            Ok(numbers.into_iter().map(twice).collect())
        }
    }

    type Arriving = JoinHandle<Result<Arrival<Doubling>, StoreError>>;

    fn batching(batch: Doubling) -> Arc<Batching<Doubling>> {
        Batching::new(batch, Arc::default())
    }

    fn id(byte: u8) -> SessionId {
        SessionId::from_bytes([byte; 16])
    }

    async fn alone(batching: &Arc<Batching<Doubling>>) -> Turn<Doubling> {
        match batching.arrive(None, 1000).await {
            Ok(Arrival::Alone(turn)) => turn,
            _ => panic!("somebody is under way"),
        }
    }

    /// Arrive one after another while somebody is under way.
    async fn arriving<const N: usize>(
        batching: &Arc<Batching<Doubling>>,
        numbers: [u32; N],
    ) -> [Arriving; N] {
        let arrive = |number| {
            let batching = batching.clone();
            tokio::spawn(async move { batching.arrive(None, number).await })
        };
        let arriving = numbers.map(arrive);
        yield_now().await;
        arriving
    }

    async fn answer(arriving: Arriving) -> Option<u32> {
        match arriving.await.unwrap().unwrap() {
            Arrival::Answered(answer) => Some(answer),
            Arrival::Apart => None,
            Arrival::Alone(_) => panic!("alone"),
        }
    }

    #[tokio::test(start_paused = true)]
    async fn whoever_finds_nothing_under_way_asks_alone() {
        let batching = batching(Doubling::default());
        for _ in 0..3 {
            drop(alone(&batching).await);
        }
        assert!(batching.batch.batches.lock().unwrap().is_empty());
    }

    #[tokio::test(start_paused = true)]
    async fn those_who_wait_go_together_and_each_has_its_answer() {
        let batching = batching(Doubling::default());
        let turn = alone(&batching).await;
        let [one, nothing, two] = arriving(&batching, [1, 0, 2]).await;
        drop(turn);
        assert_eq!(answer(one).await, Some(2));
        assert_eq!(answer(nothing).await, None, "it is asked alone");
        assert_eq!(answer(two).await, Some(4));
        assert_eq!(*batching.batch.batches.lock().unwrap(), [[1, 0, 2]]);
    }

    #[tokio::test(start_paused = true)]
    async fn those_who_arrive_at_once_go_at_once_and_together() {
        let batching = batching(Doubling::default());
        for arriving in arriving(&batching, [1, 2, 3]).await {
            assert!(answer(arriving).await.is_some());
        }
        assert_eq!(*batching.batch.batches.lock().unwrap(), [[1, 2, 3]]);
        assert_eq!(batching.lock().under_way, 0);
    }

    #[tokio::test(start_paused = true)]
    async fn nobody_waits_for_long_for_what_is_under_way() {
        let batching = batching(Doubling::default());
        let held = alone(&batching).await;
        let begun = Instant::now();
        for arriving in arriving(&batching, [1, 2]).await {
            assert!(answer(arriving).await.is_some());
        }
        assert!(begun.elapsed() <= PATIENCE * 2);
        drop(held);
        assert_eq!(batching.lock().under_way, 0);
    }

    #[tokio::test(start_paused = true)]
    async fn a_batch_is_done_although_one_has_given_up_and_who_gave_up_before_is_not_in_it() {
        let batching = batching(Doubling {
            may_answer: Some(Semaphore::new(0)),
            ..Doubling::default()
        });
        let turn = alone(&batching).await;
        let [early, late, patient] = arriving(&batching, [1, 2, 3]).await;
        early.abort();
        assert!(early.await.is_err());
        drop(turn);
        yield_now().await;
        late.abort();
        assert!(late.await.is_err());
        batching.batch.may_answer.as_ref().unwrap().add_permits(1);
        assert_eq!(answer(patient).await, Some(6));
        assert_eq!(*batching.batch.batches.lock().unwrap(), [[2, 3]]);
        assert_eq!(batching.lock().under_way, 0);
    }

    #[tokio::test(start_paused = true)]
    async fn a_batch_that_nobody_waits_for_any_more_ends_without_an_answer() {
        let batching = batching(Doubling {
            may_answer: Some(Semaphore::new(0)),
            ..Doubling::default()
        });
        let [one, other] = arriving(&batching, [1, 2]).await;
        yield_now().await;
        assert_eq!(*batching.batch.batches.lock().unwrap(), [[1, 2]]);
        for arriving in [one, other] {
            assert_eq!(batching.lock().under_way, 1);
            arriving.abort();
            assert!(arriving.await.is_err());
        }
        yield_now().await;
        assert_eq!(batching.lock().under_way, 0);
    }

    #[tokio::test(start_paused = true)]
    async fn of_one_session_a_second_question_goes_apart() {
        let batching = batching(Doubling::default());
        let first = batching.arrive(Some(id(1)), 1).await;
        let second = batching.arrive(Some(id(1)), 2).await;
        assert!(matches!(second, Ok(Arrival::Apart)));
        drop(first);
        let third = batching.arrive(Some(id(1)), 3).await;
        assert!(matches!(third, Ok(Arrival::Alone(_))));
    }

    #[tokio::test(start_paused = true)]
    async fn one_who_has_given_up_stands_in_nobodys_way() {
        let batching = batching(Doubling::default());
        let turn = alone(&batching).await;
        let waiting = {
            let batching = batching.clone();
            tokio::spawn(async move { batching.arrive(Some(id(1)), 1).await })
        };
        yield_now().await;
        waiting.abort();
        assert!(waiting.await.is_err());
        drop(turn);
        let next = batching.arrive(Some(id(1)), 2).await;
        assert!(matches!(next, Ok(Arrival::Alone(_))));
    }

    #[tokio::test(start_paused = true)]
    async fn a_batch_that_is_refused_is_asked_one_by_one_and_one_that_is_lost_is_not() {
        let refused = StoreError::Failed {
            reason: "no".to_owned(),
        };
        let lost = StoreError::Unreachable {
            reason: "gone".to_owned(),
        };
        for (error, expected) in [(refused, None), (lost.clone(), Some(lost))] {
            let batching = batching(Doubling {
                fails_with: Some(error),
                ..Doubling::default()
            });
            for arriving in arriving(&batching, [1, 2]).await {
                match arriving.await.unwrap() {
                    Ok(Arrival::Apart) => assert_eq!(expected, None),
                    Err(error) => assert_eq!(expected, Some(error)),
                    Ok(_) => panic!("answered"),
                }
            }
        }
    }

    #[tokio::test(start_paused = true)]
    async fn a_batch_has_a_limit() {
        let batching = batching(Doubling::default());
        let numbers: [u32; LARGEST + 2] = std::array::from_fn(|number| number as u32 + 1);
        for arriving in arriving(&batching, numbers).await {
            assert!(answer(arriving).await.is_some());
        }
        let sizes: Vec<_> = batching
            .batch
            .batches
            .lock()
            .unwrap()
            .iter()
            .map(Vec::len)
            .collect();
        assert_eq!(sizes, [LARGEST, 2]);
    }
}
