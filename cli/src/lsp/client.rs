//! Whether the client still lives. One that was killed says nothing, and another process may hold its end of
//! the pipe open.

use crossbeam_channel::{Receiver, bounded, never};

/// Tells, once, that the process with this id is no more. It may be none from the start.
#[cfg(unix)]
pub(crate) fn gone(process: Option<u32>) -> Receiver<()> {
    use rustix::process::Pid;
    let process = process.and_then(|id| i32::try_from(id).ok()).and_then(Pid::from_raw);
    let Some(process) = process else { return never() };
    let (tell, gone) = bounded(1);
    let waiting = std::thread::Builder::new().spawn(move || {
        wait(process);
        let _ = tell.send(()); // if nobody listens, the server has ended
    });
    if waiting.is_ok() { gone } else { never() }
}

#[cfg(not(unix))]
pub(crate) fn gone(_: Option<u32>) -> Receiver<()> {
    never()
}

/// Until a process ends, even one that nobody has waited for.
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
        Err(_) => look(process), // an older kernel
    }
}

#[cfg(all(unix, not(target_os = "linux")))]
fn wait(process: rustix::process::Pid) {
    look(process);
}

/// Looks again and again. What may not be looked at lives.
#[cfg(unix)]
fn look(process: rustix::process::Pid) {
    use rustix::io::Errno;
    const EVERY: std::time::Duration = std::time::Duration::from_secs(3);
    while rustix::process::test_kill_process(process) != Err(Errno::SRCH) {
        std::thread::sleep(EVERY);
    }
}
