//! The bytes of a compiled policy: one image, in memory as on disk.
//!
//! ```text
//!   0   magic "\x89WHYC\r\n\x1a"      a text-mode transfer or a seven-bit channel breaks it
//!   8   format version, u32           another version is refused, never guessed at
//!   12  CRC-32 of all bytes from 16 on, u32
//!   16  length of the whole image, u64
//!   24  number of sections, u32; 4 bytes of zero
//!   32  SHA-256 of the bytes from 64 on: the digest that identifies the policy
//!   64  for each section: offset and length in bytes, u64 each
//!   …   the sections, each at a multiple of 8; numbers are little-endian
//! ```
//!
//! Opening checks the magic, version, length, checksum and the bounds of every section before a
//! section is read: O(length) at the speed of memory, no parsing, one pass. The checksum finds
//! damage, not malice; the sections are read with checked accesses alone, so that a forged image can
//! at worst answer wrongly, or deny, as any other policy could.

#![allow(unsafe_code, reason = "`Mmap::map` is unsafe; the argument is at `Image::map`")]

use std::path::Path;

pub(crate) const MAGIC: [u8; 8] = *b"\x89WHYC\r\n\x1a";
/// Raised with every change of the layout.
pub(crate) const VERSION: u32 = 2;
pub(crate) const HEADER: usize = 64;

#[cfg(target_endian = "big")]
compile_error!("images are little-endian and read in place");

/// Why bytes are no artifact that this version can answer from.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ArtifactError {
    /// The file cannot be read.
    #[error("cannot read the artifact: {0}")]
    Io(#[from] std::io::Error),
    /// The first bytes are those of something else.
    #[error(
        "this is no whyfor artifact (a `.whyc` file): compile one with `whyfor compile POLICY -o FILE.whyc`"
    )]
    Foreign,
    /// Another version of the format.
    #[error(
        "the artifact has format {found}, and this version reads {supported}: compile the policy again"
    )]
    Version {
        /// The version of the artifact.
        found: u32,
        /// The version that this library reads.
        supported: u32,
    },
    /// The end is missing, or there is more than there should be.
    #[error(
        "the artifact is {actual} bytes long and should be {expected}: it was cut off or added to"
    )]
    Length {
        /// What the header says.
        expected: u64,
        /// What there is.
        actual: u64,
    },
    /// The bytes are not those that were written.
    #[error("the artifact is damaged: its checksum does not fit")]
    Checksum,
    /// The bytes fit their checksum and make no sense.
    #[error("the artifact is malformed: {0}")]
    Malformed(&'static str),
}

/// Whole, checked bytes, aligned to 8.
pub(crate) enum Image {
    Owned(Vec<u64>, usize),
    Mapped(memmap2::Mmap),
}

impl Image {
    /// Copies bytes into an aligned buffer and checks them.
    pub(crate) fn from_bytes(bytes: &[u8]) -> Result<Self, ArtifactError> {
        check(bytes)?;
        let mut buffer = vec![0u64; bytes.len().div_ceil(8)];
        bytemuck::cast_slice_mut(&mut buffer)[..bytes.len()].copy_from_slice(bytes);
        Ok(Self::Owned(buffer, bytes.len()))
    }

    /// Reads a file into memory and checks it.
    pub(crate) fn read(path: &Path) -> Result<Self, ArtifactError> {
        use std::io::Read;
        let mut file = std::fs::File::open(path)?;
        // Reserve what the file says it has, but never trust it: a special file may say anything.
        let length = usize::try_from(file.metadata()?.len()).unwrap_or(0).min(1 << 30);
        let mut buffer = vec![0u64; length.div_ceil(8)];
        let mut filled = 0;
        loop {
            let bytes: &mut [u8] = bytemuck::cast_slice_mut(&mut buffer);
            if filled == bytes.len() {
                let mut rest = Vec::new();
                file.read_to_end(&mut rest)?;
                if rest.is_empty() {
                    break;
                }
                let whole = [&bytes[..filled], &rest].concat();
                return Self::from_bytes(&whole);
            }
            match file.read(&mut bytes[filled..])? {
                0 => break,
                count => filled += count,
            }
        }
        check(&bytemuck::cast_slice(&buffer)[..filled])?;
        Ok(Self::Owned(buffer, filled))
    }

    /// Maps a file into memory and checks it.
    ///
    /// # Safety
    /// The file must not be changed or truncated while the image lives: its bytes were checked once,
    /// and a truncated map faults. Replacing the file by renaming another onto it is fine, since the
    /// map keeps the old one; `whyfor compile` always writes that way.
    pub(crate) unsafe fn map(path: &Path) -> Result<Self, ArtifactError> {
        let file = std::fs::File::open(path)?;
        if file.metadata()?.len() == 0 {
            return Err(ArtifactError::Foreign); // an empty map is an error of its own on some systems
        }
        let mut options = memmap2::MmapOptions::new();
        // SAFETY: the caller upholds that nobody changes the file. A page is aligned to far more
        // than 8, and the bytes are read as integers alone, for which every pattern is valid.
        let map = unsafe { options.populate().map(&file)? };
        check(&map)?;
        Ok(Self::Mapped(map))
    }

    pub(crate) fn bytes(&self) -> &[u8] {
        match self {
            Self::Owned(buffer, length) => &bytemuck::cast_slice(buffer)[..*length],
            Self::Mapped(map) => map,
        }
    }

    /// The SHA-256 that identifies the policy.
    pub(crate) fn digest(&self) -> [u8; 32] {
        let mut digest = [0; 32];
        digest.copy_from_slice(&self.bytes()[32..64]);
        digest
    }
}

/// The sections of checked bytes, in their order.
pub(crate) struct Sections<'a> {
    bytes: &'a [u8],
    next: usize,
    count: usize,
}

impl<'a> Sections<'a> {
    pub(crate) fn new(bytes: &'a [u8]) -> Self {
        Self { bytes, next: 0, count: number(bytes, 24) as usize }
    }

    /// The next section as numbers of one type.
    pub(crate) fn next<T: bytemuck::Pod>(&mut self) -> Result<&'a [T], ArtifactError> {
        if self.next == self.count {
            return Err(ArtifactError::Malformed("a section is missing"));
        }
        let entry = HEADER + self.next * 16;
        self.next += 1;
        let (offset, length) = (long(self.bytes, entry), long(self.bytes, entry + 8));
        let end = offset.checked_add(length);
        let range =
            end.and_then(|end| Some(usize::try_from(offset).ok()?..usize::try_from(end).ok()?));
        let bytes = range.and_then(|range| self.bytes.get(range));
        let bytes = bytes.ok_or(ArtifactError::Malformed("a section lies outside of the file"))?;
        bytemuck::try_cast_slice(bytes)
            .map_err(|_| ArtifactError::Malformed("a section is not aligned or not whole"))
    }
}

fn check(bytes: &[u8]) -> Result<(), ArtifactError> {
    if bytes.len() < 8 || bytes[..8] != MAGIC {
        let cut = !bytes.is_empty() && MAGIC.starts_with(bytes);
        return Err(if cut {
            ArtifactError::Length { expected: HEADER as u64, actual: bytes.len() as u64 }
        } else {
            ArtifactError::Foreign
        });
    }
    if bytes.len() < HEADER {
        return Err(ArtifactError::Length { expected: HEADER as u64, actual: bytes.len() as u64 });
    }
    let found = number(bytes, 8);
    if found != VERSION {
        return Err(ArtifactError::Version { found, supported: VERSION });
    }
    let (expected, actual) = (long(bytes, 16), bytes.len() as u64);
    if expected != actual {
        return Err(ArtifactError::Length { expected, actual });
    }
    if checksum(&bytes[16..]) != number(bytes, 12) {
        return Err(ArtifactError::Checksum);
    }
    let sections = number(bytes, 24) as usize;
    if sections > (bytes.len() - HEADER) / 16 {
        return Err(ArtifactError::Malformed("the table of sections is cut off"));
    }
    Ok(())
}

/// CRC-32, of a large image by several threads: one core reads slower than memory gives.
fn checksum(bytes: &[u8]) -> u32 {
    if bytes.len() < 2 * THREAD_BYTES {
        return crc32fast::hash(bytes);
    }
    let threads = std::thread::available_parallelism().map_or(1, usize::from).min(MOST_THREADS);
    let part = bytes.len().div_ceil(threads.min(bytes.len() / THREAD_BYTES));
    let hash = |part: &[u8]| {
        let mut hasher = crc32fast::Hasher::new();
        hasher.update(part);
        hasher
    };
    std::thread::scope(|scope| {
        let (first, rest) = bytes.split_at(part.min(bytes.len()));
        let others: Vec<_> =
            rest.chunks(part).map(|part| scope.spawn(move || hash(part))).collect();
        let mut whole = hash(first);
        for other in others {
            match other.join() {
                Ok(hasher) => whole.combine(&hasher),
                Err(_) => return None, // hashing does not panic; if it did, it is done again in one piece
            }
        }
        Some(whole.finalize())
    })
    .unwrap_or_else(|| crc32fast::hash(bytes))
}

/// A thread costs some tens of microseconds: as much as summing up this many bytes.
const THREAD_BYTES: usize = 4 << 20;
/// More threads than these wait for memory.
const MOST_THREADS: usize = 4;

fn number(bytes: &[u8], at: usize) -> u32 {
    bytes[at..].first_chunk().map_or(0, |chunk| u32::from_le_bytes(*chunk))
}

fn long(bytes: &[u8], at: usize) -> u64 {
    bytes[at..].first_chunk().map_or(0, |chunk| u64::from_le_bytes(*chunk))
}

/// Puts sections together into an image.
#[cfg(feature = "compile")]
#[derive(Default)]
pub(crate) struct Writer {
    sections: Vec<Vec<u8>>,
}

#[cfg(feature = "compile")]
impl Writer {
    pub(crate) fn push<T: bytemuck::Pod>(&mut self, section: &[T]) {
        self.sections.push(bytemuck::cast_slice(section).to_vec());
    }

    /// The image, with its digest and checksum.
    pub(crate) fn finish(self) -> Image {
        use sha2::{Digest, Sha256};
        let table = HEADER + self.sections.len() * 16;
        let mut offset = table;
        let mut bytes = vec![0u8; HEADER];
        for section in &self.sections {
            bytes.extend((offset as u64).to_le_bytes());
            bytes.extend((section.len() as u64).to_le_bytes());
            offset += section.len().next_multiple_of(8);
        }
        bytes.reserve(offset - table);
        for section in &self.sections {
            bytes.extend(section);
            bytes.resize(bytes.len().next_multiple_of(8), 0);
        }
        bytes[..8].copy_from_slice(&MAGIC);
        bytes[8..12].copy_from_slice(&VERSION.to_le_bytes());
        let length = bytes.len() as u64;
        bytes[16..24].copy_from_slice(&length.to_le_bytes());
        bytes[24..28].copy_from_slice(&(self.sections.len() as u32).to_le_bytes());
        let digest = Sha256::digest(&bytes[HEADER..]);
        bytes[32..64].copy_from_slice(&digest);
        let crc = crc32fast::hash(&bytes[16..]);
        bytes[12..16].copy_from_slice(&crc.to_le_bytes());
        let mut buffer = vec![0u64; bytes.len() / 8];
        bytemuck::cast_slice_mut(&mut buffer).copy_from_slice(&bytes);
        Image::Owned(buffer, bytes.len())
    }
}
