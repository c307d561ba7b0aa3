//! Signals to a process and to those that it has started.

use rustix::process::{Pid, Signal, kill_process};

use crate::Error;

/// The main process gets it first, so that it does nothing about what happens to its children.
pub(super) fn to_family(process: u32, signal: Signal) -> Result<(), Error> {
    send(process, signal);
    to_children(process, signal)
}

/// The children alone.
pub(super) fn to_children(process: u32, signal: Signal) -> Result<(), Error> {
    let children = std::fs::read_to_string(format!("/proc/{process}/task/{process}/children"))?;
    for child in children.split_whitespace() {
        send(child.parse()?, signal);
    }
    Ok(())
}

/// To one alone. That it has ended meanwhile is no error.
pub(super) fn send(process: u32, signal: Signal) {
    if let Some(process) = i32::try_from(process).ok().and_then(Pid::from_raw) {
        let _ = kill_process(process, signal);
    }
}
