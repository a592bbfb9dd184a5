//! Named pipes. Opening one blocks until the other end is opened, so it needs a timeout.

use std::fs::{File, OpenOptions};
use std::io;
use std::path::Path;

/// How long to wait for the other end: enough for a program started together with this one.
#[cfg(unix)]
const OTHER_END_TIMEOUT: std::time::Duration = std::time::Duration::from_secs(3);

#[cfg(not(unix))]
pub(super) fn open_to_write(path: &Path) -> io::Result<File> {
    OpenOptions::new().write(true).open(path)
}

/// Opens a device or a pipe, without replacing or truncating it.
#[cfg(unix)]
pub(super) fn open_to_write(path: &Path) -> io::Result<File> {
    use rustix::io::Errno;
    let mut options = OpenOptions::new();
    options.write(true);
    let start = std::time::Instant::now();
    let file = loop {
        let nobody_reads = |error: &io::Error| Errno::from_io_error(error) == Some(Errno::NXIO);
        match without_waiting(&mut options, path) {
            Err(error) if nobody_reads(&error) && is_pipe(path) => {
                if start.elapsed() > OTHER_END_TIMEOUT {
                    return Err(nobody("reads from"));
                }
                std::thread::sleep(std::time::Duration::from_millis(20));
            }
            opened => break opened?,
        }
    };
    if std::io::IsTerminal::is_terminal(&file) {
        return Err(io::Error::other("an artifact cannot be shown on a terminal"));
    }
    blocking(file)
}

/// Opens a pipe and waits for the first byte.
#[cfg(unix)]
pub(super) fn open_to_read(path: &Path) -> io::Result<File> {
    use rustix::event::{PollFd, PollFlags, Timespec, poll};
    let file = without_waiting(OpenOptions::new().read(true), path)?;
    let timeout = Timespec { tv_sec: OTHER_END_TIMEOUT.as_secs() as i64, tv_nsec: 0 };
    match poll(&mut [PollFd::new(&file, PollFlags::IN)], Some(&timeout))? {
        0 => Err(nobody("writes to")),
        _ => blocking(file),
    }
}

#[cfg(unix)]
fn without_waiting(options: &mut OpenOptions, path: &Path) -> io::Result<File> {
    use std::os::unix::fs::OpenOptionsExt;
    let flags = rustix::fs::OFlags::NONBLOCK.union(rustix::fs::OFlags::NOCTTY);
    options.custom_flags(flags.bits() as i32).open(path)
}

/// Makes reads and writes of the file block again.
#[cfg(unix)]
fn blocking(file: File) -> io::Result<File> {
    let flags = rustix::fs::fcntl_getfl(&file)?;
    rustix::fs::fcntl_setfl(&file, flags.difference(rustix::fs::OFlags::NONBLOCK))?;
    Ok(file)
}

#[cfg(unix)]
fn is_pipe(path: &Path) -> bool {
    use std::os::unix::fs::FileTypeExt;
    path.metadata().is_ok_and(|data| data.file_type().is_fifo())
}

#[cfg(unix)]
fn nobody(does: &str) -> io::Error {
    let message = format!("nobody {does} the pipe");
    io::Error::new(io::ErrorKind::TimedOut, message)
}
