//! Where the requests of one process wait that want to update one session, so that one of them asks the store at a time.

use std::collections::HashMap;
use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::sync::{Mutex as Turns, OwnedMutexGuard};

use super::credential::SessionId;

/// The queues of one process, one for each session that somebody waits for.
#[derive(Default)]
pub(super) struct Queue {
    waiting: Mutex<HashMap<SessionId, Arc<Turns<()>>>>,
}

/// The right to ask the store for a lease. The next one's turn comes when it is dropped.
pub(super) struct Turn {
    queue: Arc<Queue>,
    id: SessionId,
    turn: Option<OwnedMutexGuard<()>>,
}

impl Queue {
    /// Waits for its turn, behind those who came before.
    pub(super) async fn wait(self: &Arc<Self>, id: SessionId) -> Turn {
        let turns = self.lock().entry(id).or_default().clone();
        let mut turn = Turn {
            queue: self.clone(),
            id,
            turn: None,
        };
        turn.turn = Some(turns.lock_owned().await);
        turn
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<SessionId, Arc<Turns<()>>>> {
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Turn {
    fn drop(&mut self) {
        drop(self.turn.take());
        let mut waiting = self.queue.lock();
        // Whoever waits holds a clone, and clones are made under the lock.
        if waiting
            .get(&self.id)
            .is_some_and(|turns| Arc::strong_count(turns) == 1)
        {
            waiting.remove(&self.id);
        }
    }
}

impl fmt::Debug for Queue {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Queue").finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn turns_come_in_the_order_of_asking() {
        let queue = Arc::new(Queue::default());
        let id = SessionId::from_bytes([1; 16]);
        let first = queue.wait(id).await;
        let order = Arc::new(Mutex::new(Vec::new()));
        let mut others = Vec::new();
        for n in 0..5 {
            let (queue, order) = (queue.clone(), order.clone());
            others.push(tokio::spawn(async move {
                let _turn = queue.wait(id).await;
                order.lock().unwrap().push(n);
            }));
            tokio::task::yield_now().await;
        }
        assert!(order.lock().unwrap().is_empty());
        drop(first);
        for other in others {
            other.await.unwrap();
        }
        assert_eq!(*order.lock().unwrap(), [0, 1, 2, 3, 4]);
    }

    #[tokio::test]
    async fn another_session_does_not_wait_and_nothing_is_left_behind() {
        let queue = Arc::new(Queue::default());
        let turns: Vec<_> = [1, 2].map(|n| SessionId::from_bytes([n; 16])).into();
        let first = queue.wait(turns[0]).await;
        let second = queue.wait(turns[1]).await;
        let given_up = tokio::time::timeout(std::time::Duration::ZERO, queue.wait(turns[0])).await;
        assert!(given_up.is_err());
        drop((first, second));
        assert!(queue.lock().is_empty());
    }
}
