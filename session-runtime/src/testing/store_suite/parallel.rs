//! Running many requests at once, which begin together.

use std::collections::BTreeMap;
use std::panic::resume_unwind;
use std::sync::Arc;

use tokio::sync::Barrier;
use tokio::task::JoinSet;

use super::subject::must_be;

/// Runs so many tasks that begin together, and returns what each has found, in their order.
pub(super) async fn parallel<T, F>(count: usize, task: impl Fn(usize) -> F) -> Vec<T>
where
    T: Send + 'static,
    F: Future<Output = T> + Send + 'static,
{
    let begin = Arc::new(Barrier::new(count));
    let mut tasks = JoinSet::new();
    for number in 0..count {
        let (begin, task) = (Arc::clone(&begin), task(number));
        tasks.spawn(async move {
            begin.wait().await;
            (number, task.await)
        });
    }
    let mut found = BTreeMap::new();
    while let Some(joined) = tasks.join_next().await {
        match joined {
            Ok((number, answer)) => drop(found.insert(number, answer)),
            // The statement does not hold, and the others need not go on.
            Err(failed) => resume_unwind(failed.into_panic()),
        }
    }
    found.into_values().collect()
}

#[track_caller]
pub(super) fn must_all_be<T: PartialEq + std::fmt::Debug>(found: &[T], right: &T, fault: &str) {
    for found in found {
        must_be(found, right, fault);
    }
}
