//! Detects the end of the client. A killed client sends nothing, and another process may keep its
//! end of the pipe open.

use crossbeam_channel::{Receiver, bounded, never};

/// Reports, once, that the process with this id has ended. It may not exist from the start.
#[cfg(unix)]
pub(crate) fn gone(process: Option<u32>) -> Receiver<()> {
    use rustix::process::Pid;
    let process = process.and_then(|id| i32::try_from(id).ok()).and_then(Pid::from_raw);
    let Some(process) = process else { return never() };
    let (ended, gone) = bounded(1);
    let waiting = std::thread::Builder::new().spawn(move || {
        wait(process);
        let _ = ended.send(()); // fails if the server has ended
    });
    if waiting.is_ok() { gone } else { never() }
}

#[cfg(not(unix))]
pub(crate) fn gone(_: Option<u32>) -> Receiver<()> {
    never()
}

/// Blocks until a process ends, even if it is a zombie.
#[cfg(target_os = "linux")]
fn wait(process: rustix::process::Pid) {
    use rustix::event::{PollFd, PollFlags, poll};
    use rustix::io::Errno;
    use rustix::process::{PidfdFlags, pidfd_open};
    match pidfd_open(process, PidfdFlags::empty()) {
        Ok(handle) => {
            while poll(&mut [PollFd::new(&handle, PollFlags::IN)], None) == Err(Errno::INTR) {}
        }
        Err(Errno::SRCH) => {}
        Err(_) => poll_until_gone(process), // an older kernel
    }
}

#[cfg(all(unix, not(target_os = "linux")))]
fn wait(process: rustix::process::Pid) {
    poll_until_gone(process);
}

/// Polls the process. One that may not be signalled counts as alive.
#[cfg(unix)]
fn poll_until_gone(process: rustix::process::Pid) {
    use rustix::io::Errno;
    const EVERY: std::time::Duration = std::time::Duration::from_secs(3);
    while rustix::process::test_kill_process(process) != Err(Errno::SRCH) {
        std::thread::sleep(EVERY);
    }
}
