//! The highest sequence that was taken of each policy: so that an older version is refused, after a restart too.
//!
//! The state file is a text:
//!
//! ```text
//! whyfor sequences 1
//! 7⇥9f86d081…⇥shop              the highest sequence, the digest of the policy that had it, the name
//! sha256 2c26b46b…              of the bytes before this line
//! ```
//!
//! It is replaced whole: written beside, synced, renamed, and its folder synced. Several processes may share it: each
//! change is made under a lock on the file beside it, which ends in `.lock`. A file that is damaged or unreadable is
//! an error. Only one that is missing counts as new.

use crate::failure::{Failure, FailureKind};
use crate::lock::lock;
use sha2::{Digest as _, Sha256};
use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs::{File, OpenOptions, TryLockError};
use std::io::{self, ErrorKind, Read, Write as _};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};
use whyfor::Digest;

const HEADER: &str = "whyfor sequences 1";
/// The bytes of a state file: tens of thousands of policies with short names.
const MOST_BYTES: u64 = 4 << 20;
/// How long another process may hold the lock: it writes a small file.
const LONGEST_LOCK: Duration = Duration::from_secs(5);
const PAUSE: Duration = Duration::from_millis(5);

/// Where the highest sequence of each policy is kept. Clones are the same place.
#[derive(Debug, Clone)]
pub struct Sequences {
    inner: Arc<Inner>,
}

#[derive(Debug)]
struct Inner {
    file: Option<PathBuf>,
    /// What this process has taken: counts even if the file is removed.
    taken: Mutex<Taken>,
}

type Taken = BTreeMap<String, Highest>;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Highest {
    sequence: u64,
    digest: Digest,
}

impl Sequences {
    /// In a state file, which outlives the process. It is made when the first signed policy is taken; its folder must
    /// be there.
    ///
    /// Whoever can remove the file can bring an old version back after a restart: keep it where only the
    /// service writes. [`Trust::least_sequence`](crate::Trust::least_sequence) bounds what a lost file allows.
    ///
    /// ```no_run
    /// use whyfor_serve::{Sequences, Trust};
    /// # let key: whyfor_serve::PublicKey = "RWQf6LRCGA9i53mlYecO4IzT51TGPpvWucNSCh1CBM0QTaLn73Y7GFO3".parse()?;
    /// let trust = Trust::keys([key], Sequences::file("/var/lib/shop/sequences"));
    /// # Ok::<(), whyfor_serve::ParseKeyError>(())
    /// ```
    #[must_use]
    pub fn file(path: impl Into<PathBuf>) -> Self {
        Self::new(Some(path.into()))
    }

    /// Only in this process: after a restart an older version is taken again.
    ///
    /// ```
    /// let sequences = whyfor_serve::Sequences::in_memory();
    /// ```
    #[must_use]
    pub fn in_memory() -> Self {
        Self::new(None)
    }

    fn new(file: Option<PathBuf>) -> Self {
        Self { inner: Arc::new(Inner { file, taken: Mutex::default() }) }
    }

    /// Refuses a sequence that is lower than the highest one.
    ///
    /// # Errors
    /// It is older, or the state file cannot be read.
    pub(crate) fn check(&self, name: &str, sequence: u64) -> Result<(), Failure> {
        let in_file = match &self.inner.file {
            Some(file) => read(file).map_err(|error| unreadable(file, &error))?.get(name).copied(),
            None => None,
        };
        let taken = lock(&self.inner.taken).get(name).copied();
        [in_file, taken]
            .into_iter()
            .flatten()
            .try_for_each(|highest| not_older(name, sequence, highest))
    }

    /// Keeps the sequence of a version that is about to be served.
    ///
    /// # Errors
    /// It is older, or another policy had the same sequence, or the state file cannot be read or written.
    pub(crate) fn keep(&self, name: &str, sequence: u64, digest: Digest) -> Result<(), Failure> {
        let new = Highest { sequence, digest };
        let taken = lock(&self.inner.taken).get(name).copied();
        taken.map_or(Ok(()), |highest| follows(name, new, highest))?;
        if let Some(file) = &self.inner.file {
            keep_in(file, name, new)?;
        }
        let mut taken = lock(&self.inner.taken);
        let kept = taken.entry(name.to_owned()).or_insert(new);
        if new.sequence > kept.sequence {
            *kept = new;
        }
        Ok(())
    }
}

fn not_older(name: &str, sequence: u64, highest: Highest) -> Result<(), Failure> {
    if sequence >= highest.sequence {
        return Ok(());
    }
    let message = format!(
        "`{name}` has sequence {sequence}, and {} was taken before: an older version is not taken again. To go \
         back, sign the older policy with a higher sequence",
        highest.sequence
    );
    Err(Failure::new(FailureKind::Older, message))
}

fn follows(name: &str, new: Highest, highest: Highest) -> Result<(), Failure> {
    not_older(name, new.sequence, highest)?;
    if new.sequence > highest.sequence || new.digest == highest.digest {
        return Ok(());
    }
    let message = format!(
        "`{name}` has sequence {}, and so had another policy that was taken before: sign each version with a \
         higher sequence",
        new.sequence
    );
    Err(Failure::new(FailureKind::Older, message))
}

/// Under the lock: reads the file, checks, and replaces it if it has to change.
fn keep_in(file: &Path, name: &str, new: Highest) -> Result<(), Failure> {
    let _guard = locked(file).map_err(|error| {
        failed(format!("cannot lock the state file `{}`: {error}", file.display()))
    })?;
    let mut taken = read(file).map_err(|error| unreadable(file, &error))?;
    if let Some(highest) = taken.get(name) {
        follows(name, new, *highest)?;
        if *highest == new {
            return Ok(());
        }
    }
    taken.insert(name.to_owned(), new);
    write(file, &taken).map_err(|error| {
        failed(format!("cannot write the state file `{}`: {error}", file.display()))
    })
}

fn failed(message: String) -> Failure {
    Failure::new(FailureKind::State, message)
}

fn unreadable(file: &Path, error: &io::Error) -> Failure {
    failed(format!(
        "cannot read the state file `{}`: {error}. Nothing signed is taken without it, since an older version could \
         come back",
        file.display()
    ))
}

/// The lock of a state file, until it is dropped.
fn locked(file: &Path) -> io::Result<File> {
    let mut name = file.as_os_str().to_owned();
    name.push(".lock");
    let guard = OpenOptions::new().create(true).truncate(false).write(true).open(name)?;
    let started = Instant::now();
    loop {
        match guard.try_lock() {
            Ok(()) => return Ok(guard),
            Err(TryLockError::WouldBlock) if started.elapsed() < LONGEST_LOCK => {
                std::thread::sleep(PAUSE);
            }
            Err(TryLockError::WouldBlock) => {
                return Err(io::Error::new(ErrorKind::TimedOut, "another process holds it"));
            }
            Err(TryLockError::Error(error)) => return Err(error),
        }
    }
}

fn read(file: &Path) -> io::Result<Taken> {
    let opened = match File::open(file) {
        Ok(opened) => opened,
        Err(error) if error.kind() == ErrorKind::NotFound => return missing(file),
        Err(error) => return Err(error),
    };
    let mut text = String::new();
    opened.take(MOST_BYTES + 1).read_to_string(&mut text)?;
    if text.len() as u64 > MOST_BYTES {
        return Err(io::Error::new(ErrorKind::FileTooLarge, "it is too large"));
    }
    parse(&text)
        .ok_or_else(|| io::Error::new(ErrorKind::InvalidData, "it is damaged or no state file"))
}

/// A file that is not there yet counts as new, but a link to nowhere and a folder that is not there (a volume that is not
/// mounted) do not.
fn missing(file: &Path) -> io::Result<Taken> {
    if file.symlink_metadata().is_ok() {
        return Err(io::Error::new(ErrorKind::NotFound, "it is a link to nowhere"));
    }
    folder_of(file)
        .metadata()
        .map_err(|error| io::Error::new(error.kind(), format!("its folder: {error}")))?;
    Ok(Taken::new())
}

fn folder_of(file: &Path) -> &Path {
    file.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."))
}

fn parse(text: &str) -> Option<Taken> {
    let (body, checksum) = text.strip_suffix('\n')?.rsplit_once('\n')?;
    let body = format!("{body}\n");
    if checksum.strip_prefix("sha256 ")? != hash(&body) {
        return None;
    }
    let mut lines = body.lines();
    if lines.next()? != HEADER {
        return None;
    }
    lines
        .map(|line| {
            let mut parts = line.splitn(3, '\t');
            let sequence = parts.next()?.parse().ok()?;
            let digest = parts.next()?.parse().ok()?;
            Some((parts.next()?.to_owned(), Highest { sequence, digest }))
        })
        .collect()
}

fn shown(taken: &Taken) -> String {
    let mut text = format!("{HEADER}\n");
    for (name, Highest { sequence, digest }) in taken {
        let _ = writeln!(text, "{sequence}\t{digest}\t{name}"); // a `String` takes everything
    }
    let checksum = hash(&text);
    text + "sha256 " + &checksum + "\n"
}

fn hash(text: &str) -> String {
    Sha256::digest(text.as_bytes()).iter().map(|byte| format!("{byte:02x}")).collect()
}

fn write(file: &Path, taken: &Taken) -> io::Result<()> {
    // A link keeps leading to the file.
    let place = if file.exists() { file.canonicalize()? } else { file.to_owned() };
    let folder = folder_of(&place);
    let mut new = tempfile::Builder::new().prefix(".whyfor-").tempfile_in(folder)?;
    new.write_all(shown(taken).as_bytes())?;
    new.as_file().sync_all()?;
    new.persist(&place).map_err(|failed| failed.error)?;
    if cfg!(unix) {
        File::open(folder)?.sync_all()?; // the new name is on the disk too
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test fails by panicking")]

    use super::{Highest, Taken, parse, shown};

    fn some() -> Taken {
        let highest = |sequence| Highest { sequence, digest: "ab".repeat(32).parse().unwrap() };
        [("shop".to_owned(), highest(7)), ("the clinic".to_owned(), highest(u64::MAX))].into()
    }

    #[test]
    fn what_is_written_is_read_again() {
        assert_eq!(parse(&shown(&some())), Some(some()));
        assert_eq!(parse(&shown(&Taken::new())), Some(Taken::new()));
    }

    #[test]
    fn no_part_of_a_state_file_and_no_changed_one_is_read() {
        let text = shown(&some());
        for at in 0..text.len() {
            assert_eq!(parse(&text[..at]), None, "cut off at {at}");
            let mut changed = text.clone().into_bytes();
            changed[at] ^= 1;
            assert_eq!(parse(&String::from_utf8(changed).unwrap()), None, "changed at {at}");
        }
    }
}
