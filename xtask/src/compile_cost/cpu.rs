//! CPU time, of everything that this process started and waited for.

use crate::Error;

/// In seconds, user and system together. What a child of a child used is in it
/// as soon as the child has ended.
#[cfg(unix)]
pub(super) fn of_children() -> Result<f64, Error> {
    use nix::sys::resource::{UsageWho, getrusage};
    use nix::sys::time::TimeValLike as _;

    let usage = getrusage(UsageWho::RUSAGE_CHILDREN)?;
    let microseconds = (usage.user_time() + usage.system_time()).num_microseconds();
    Ok(std::time::Duration::from_micros(microseconds.try_into()?).as_secs_f64())
}

/// Elsewhere nobody has told how.
#[cfg(not(unix))]
pub(super) fn of_children() -> Result<f64, Error> {
    Err("the CPU time of other programs is only known on Unix; run this there".into())
}
