//! What work costs: the thread's CPU time, and its allocations. It must not know what the work is.

use std::time::Duration;

use alloc_tracker::{Allocator, Session};
use rustix::time::{ClockId, clock_gettime};

/// Counts in thread-local cells, for every contender alike.
#[global_allocator]
static ALLOCATOR: Allocator<std::alloc::System> = Allocator::system();

/// The CPU time that this thread spends on `work`, whatever else the machine does meanwhile.
pub(crate) fn cpu_time(work: impl FnOnce()) -> Duration {
    let start = thread_time();
    work();
    thread_time().saturating_sub(start)
}

/// How often this thread asks for memory in `work`; growing counts once each time.
pub(crate) fn allocations(work: impl FnOnce()) -> u64 {
    let session = Session::new().no_stdout().no_file();
    let operation = session.operation("work");
    let span = operation.measure_thread().iterations(1).no_peak();
    work();
    drop(span);
    let report = session.to_report();
    report
        .operations()
        .map(|(_, operation)| operation.total_allocations_count())
        .sum()
}

fn thread_time() -> Duration {
    let time = clock_gettime(ClockId::ThreadCPUTime);
    let part = |number: i64| u64::try_from(number).unwrap_or_default();
    Duration::from_secs(part(time.tv_sec)) + Duration::from_nanos(part(time.tv_nsec))
}

#[cfg(test)]
mod tests {
    use std::hint::black_box;

    use super::*;

    #[test]
    fn each_allocation_counts_and_nothing_else_does() {
        assert_eq!(allocations(|| ()), 0);
        let work = || {
            let mut text = black_box(String::from("a"));
            text.reserve_exact(100);
            drop(black_box(vec![1_u8]));
        };
        assert_eq!(allocations(work), 3);
    }

    #[test]
    fn sleeping_costs_no_cpu_time_and_counting_does() {
        let nap = Duration::from_millis(20);
        assert!(cpu_time(|| std::thread::sleep(nap)) < nap / 2);
        let count = || (0..5_000_000_u64).for_each(|number| _ = black_box(number));
        assert!(cpu_time(count) > Duration::from_micros(100));
    }
}
