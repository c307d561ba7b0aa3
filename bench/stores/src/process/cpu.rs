//! The CPU time that processes have taken, as the kernel counts it.

use std::time::Duration;

use crate::Error;

/// What a process has taken so far, and its children that have ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct CpuTime(Duration);

impl CpuTime {
    /// Of a process and of the children that it has.
    pub(crate) fn of_family(process: u32) -> Result<Self, Error> {
        let children = format!("/proc/{process}/task/{process}/children");
        let children = std::fs::read_to_string(children).unwrap_or_default();
        let mut ticks = ticks(process)?;
        for child in children.split_whitespace() {
            // One may have ended meanwhile; then its parent has its time.
            ticks += child
                .parse()
                .ok()
                .and_then(|child| self::ticks(child).ok())
                .unwrap_or(0);
        }
        let per_second = rustix::param::clock_ticks_per_second();
        Ok(Self(Duration::from_secs_f64(
            ticks as f64 / per_second as f64,
        )))
    }

    /// What was taken since an earlier moment.
    pub(crate) fn since(self, earlier: Self) -> Duration {
        self.0.saturating_sub(earlier.0)
    }
}

fn ticks(process: u32) -> Result<u64, Error> {
    let file = format!("/proc/{process}/stat");
    let text = std::fs::read_to_string(&file)
        .map_err(|error| format!("the process {process} has ended ({error})"))?;
    read_ticks(&text).ok_or_else(|| format!("{file} is not as Linux writes it: {text}").into())
}

/// The fields `utime`, `stime`, `cutime` and `cstime` of proc(5), behind the program's name, which may have anything in it.
fn read_ticks(stat: &str) -> Option<u64> {
    let (_, fields) = stat.rsplit_once(')')?;
    let mut fields = fields.split_whitespace().skip(11);
    (0..4).map(|_| fields.next()?.parse::<u64>().ok()).sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_time_of_a_process_and_of_its_children_is_added_up() {
        let stat = "7 (a ) b) S 1 7 7 0 -1 4194304 2 0 0 0 100 20 3 4 20 0 1 0 5 6 7";
        assert_eq!(read_ticks(stat), Some(127));
    }

    #[test]
    fn a_process_that_works_takes_time() {
        let this = std::process::id();
        let before = CpuTime::of_family(this).unwrap();
        let mut number = 0_u64;
        while CpuTime::of_family(this).unwrap().since(before) < Duration::from_millis(20) {
            number = std::hint::black_box(number + 1);
        }
        assert!(number > 0);
    }

    #[test]
    fn a_process_that_has_ended_is_told() {
        let mut child = std::process::Command::new("true").spawn().unwrap();
        child.wait().unwrap();
        let error = CpuTime::of_family(child.id()).unwrap_err().to_string();
        assert!(error.contains("has ended"), "{error}");
    }
}
