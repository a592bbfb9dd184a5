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
//! `schema` lists the sections and their records.
//!
//! The header of a file is read first. The magic, the version and the length are checked before anything
//! else is read or mapped, and at most the declared length is read. Then the checksum and the bounds of
//! every section are checked: O(length) at the speed of memory, no parsing, one pass. The checksum finds
//! damage, not malice: `verify` deals with that.

#![allow(unsafe_code, reason = "`Mmap::map` is unsafe; the argument is at `Image::map`")]

use std::fs::File;
use std::io::{self, Read};
use std::path::Path;

pub(crate) const MAGIC: [u8; 8] = *b"\x89WHYC\r\n\x1a";
/// Raised with every change of the layout.
pub(crate) const VERSION: u32 = 4;

/// The version of artifacts that this crate reads and writes. Code that has an artifact in it compares it when it is
/// built.
pub const ARTIFACT_VERSION: u32 = VERSION;

/// Bytes at an address that tables can be read at, for [`Policy::from_static`](crate::Policy::from_static).
#[derive(Debug, Clone, Copy)]
#[repr(C, align(8))]
pub struct Aligned<B: ?Sized>(pub B);
pub(crate) const HEADER: usize = 64;

#[cfg(target_endian = "big")]
compile_error!("images are little-endian and read in place");

/// Why this version cannot read an artifact.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ArtifactError {
    /// The file cannot be read.
    #[error("cannot read the artifact: {0}")]
    Io(#[from] io::Error),
    /// A pipe, a device or a folder: its length is not known.
    #[error(
        "an artifact is read from a regular file, and this is a pipe, a device or a folder: write it to a file, or hand its bytes to `Policy::from_artifact`"
    )]
    NoFile,
    /// The bytes do not start as an artifact does.
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
    /// The file is shorter or longer than its header says.
    #[error(
        "the artifact is {actual} bytes long and should be {expected}: it was cut off or added to"
    )]
    Length {
        /// The length in the header.
        expected: u64,
        /// The length of the file.
        actual: u64,
    },
    /// The bytes have changed since they were written.
    #[error("the artifact is damaged: its checksum does not fit")]
    Checksum,
    /// The checksum is right, but the contents are not an artifact's.
    #[error("the artifact is malformed: {0}")]
    Malformed(&'static str),
}

/// A whole image: checked bytes, aligned to 8.
pub(crate) enum Image {
    Owned(Box<[u64]>, usize),
    Mapped(memmap2::Mmap),
    /// Memory that a [`Writer`] has filled.
    #[cfg(feature = "compile")]
    Written(memmap2::MmapMut),
    Static(&'static [u8]),
}

impl Image {
    /// Copies bytes into an aligned buffer and checks them.
    pub(crate) fn from_bytes(bytes: &[u8]) -> Result<Self, ArtifactError> {
        check(bytes)?;
        Self::filled(bytes.len(), |buffer| {
            buffer.copy_from_slice(bytes);
            Ok(())
        })
    }

    /// Checks bytes that are a part of the program, and leaves them where they are.
    pub(crate) fn from_static(bytes: &'static Aligned<[u8]>) -> Result<Self, ArtifactError> {
        check(&bytes.0)?;
        Ok(Self::Static(&bytes.0))
    }

    /// Reads a file into memory and checks it.
    pub(crate) fn read(path: &Path) -> Result<Self, ArtifactError> {
        let (mut file, header, length) = open(path)?;
        let image = Self::filled(length, |bytes| {
            let (start, rest) = bytes.split_at_mut(HEADER);
            start.copy_from_slice(&header);
            // The file may have been cut off or extended since its length was read.
            let actual = HEADER + fill(&mut file, rest)?;
            let actual = actual + fill(&mut file, &mut [0])?;
            if actual != length {
                return Err(ArtifactError::Length {
                    expected: length as u64,
                    actual: actual as u64,
                });
            }
            Ok(())
        })?;
        check(image.bytes())?;
        Ok(image)
    }

    /// Maps a file into memory and checks it.
    ///
    /// # Safety
    /// The file must not change while it is mapped: its bytes are checked once, and reading a truncated map
    /// faults. Replacing the file by renaming another file to its path is fine, since the map keeps the old
    /// file; `whyfor compile` always writes this way.
    pub(crate) unsafe fn map(path: &Path) -> Result<Self, ArtifactError> {
        let (file, _, length) = open(path)?;
        let mut options = memmap2::MmapOptions::new();
        // SAFETY: the caller guarantees that the file does not change. A page is aligned to far more than 8
        // bytes, and the bytes are only read as integers, for which every pattern is valid.
        let map = unsafe { options.len(length).populate().map(&file)? };
        check(&map)?;
        Ok(Self::Mapped(map))
    }

    /// Whether a regular file starts as an image does. Pipes are not read, since they could not be read
    /// again.
    pub(crate) fn is_in(path: &Path) -> bool {
        let mut start = [0; MAGIC.len()];
        let read = regular(path).ok().and_then(|mut file| file.read_exact(&mut start).ok());
        read.is_some() && start == MAGIC
    }

    /// An image of this many bytes, which are zero until `write` has written them. The length comes from a
    /// file, so it is an error, not an abort, if there is not enough memory.
    fn filled(
        length: usize,
        write: impl FnOnce(&mut [u8]) -> Result<(), ArtifactError>,
    ) -> Result<Self, ArtifactError> {
        let mut buffer = bytemuck::allocation::try_zeroed_slice_box(length.div_ceil(8))
            .map_err(|()| io::Error::from(io::ErrorKind::OutOfMemory))?;
        write(&mut bytemuck::cast_slice_mut(&mut buffer)[..length])?;
        Ok(Self::Owned(buffer, length))
    }

    pub(crate) fn bytes(&self) -> &[u8] {
        match self {
            Self::Owned(buffer, length) => &bytemuck::cast_slice(buffer)[..*length],
            Self::Mapped(map) => map,
            #[cfg(feature = "compile")]
            Self::Written(map) => map,
            Self::Static(bytes) => bytes,
        }
    }

    /// The SHA-256 that identifies the policy.
    pub(crate) fn digest(&self) -> [u8; 32] {
        let mut digest = [0; 32];
        digest.copy_from_slice(&self.bytes()[32..64]);
        digest
    }
}

/// Reads the sections of checked bytes in their order.
pub(super) struct Reader<'a> {
    bytes: &'a [u8],
    next: usize,
    count: usize,
    /// Where the previous section ends.
    end: usize,
}

impl<'a> Reader<'a> {
    pub(super) fn new(bytes: &'a [u8]) -> Self {
        let count = number(bytes, 24) as usize;
        Self { bytes, next: 0, count, end: HEADER + count * 16 }
    }

    /// The next section, as records. Each section starts where the previous one ends, or later, so all of
    /// them together are no longer than the image.
    pub(super) fn next<T: bytemuck::Pod>(&mut self) -> Result<&'a [T], ArtifactError> {
        if self.next == self.count {
            return Err(ArtifactError::Malformed("a section is missing"));
        }
        let entry = HEADER + self.next * 16;
        self.next += 1;
        let (offset, length) = (long(self.bytes, entry), long(self.bytes, entry + 8));
        let end = offset.checked_add(length);
        let range =
            end.and_then(|end| Some(usize::try_from(offset).ok()?..usize::try_from(end).ok()?));
        let range = range.ok_or(ArtifactError::Malformed("a section lies outside of the file"))?;
        if range.start < self.end {
            return Err(ArtifactError::Malformed("a section lies in another one"));
        }
        self.end = range.end;
        let bytes = self.bytes.get(range);
        let bytes = bytes.ok_or(ArtifactError::Malformed("a section lies outside of the file"))?;
        bytemuck::try_cast_slice(bytes)
            .map_err(|_| ArtifactError::Malformed("a section is not aligned or not whole"))
    }

    /// Checks that all sections were read.
    pub(super) fn end(&self) -> Result<(), ArtifactError> {
        if self.next == self.count {
            return Ok(());
        }
        Err(ArtifactError::Malformed("there are sections that this version does not know"))
    }
}

/// Opens a file that starts with a header that declares the file's length. Gives the header and the length.
fn open(path: &Path) -> Result<(File, [u8; HEADER], usize), ArtifactError> {
    let mut file = regular(path)?;
    let actual = file.metadata()?.len();
    let mut header = [0; HEADER];
    let filled = fill(&mut file, &mut header)?;
    check_header(&header[..filled], actual)?;
    let too_long = |_| io::Error::from(io::ErrorKind::OutOfMemory);
    let length = usize::try_from(actual).map_err(too_long)?;
    Ok((file, header, length))
}

/// Opens a regular file. Its type is checked before, since opening a pipe waits for a writer, and after,
/// since the file may have been replaced.
fn regular(path: &Path) -> Result<File, ArtifactError> {
    if !std::fs::metadata(path)?.is_file() {
        return Err(ArtifactError::NoFile);
    }
    let file = File::open(path)?;
    if !file.metadata()?.is_file() {
        return Err(ArtifactError::NoFile);
    }
    Ok(file)
}

/// Reads until the buffer is full or the file ends. Gives the number of bytes read.
fn fill(file: &mut File, mut buffer: &mut [u8]) -> io::Result<usize> {
    let length = buffer.len();
    while !buffer.is_empty() {
        match file.read(buffer) {
            Ok(0) => break,
            Ok(count) => buffer = &mut buffer[count..],
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
    Ok(length - buffer.len())
}

fn check(bytes: &[u8]) -> Result<(), ArtifactError> {
    check_header(bytes, bytes.len() as u64)?;
    if checksum(&bytes[16..]) != number(bytes, 12) {
        return Err(ArtifactError::Checksum);
    }
    let sections = number(bytes, 24) as usize;
    if sections > (bytes.len() - HEADER) / 16 {
        return Err(ArtifactError::Malformed("the table of sections is cut off"));
    }
    Ok(())
}

/// Checks the header and the length that it declares. `start` may be less than a header.
fn check_header(start: &[u8], actual: u64) -> Result<(), ArtifactError> {
    if start.len() < 8 || start[..8] != MAGIC {
        let cut = !start.is_empty() && MAGIC.starts_with(start);
        return Err(if cut {
            ArtifactError::Length { expected: HEADER as u64, actual }
        } else {
            ArtifactError::Foreign
        });
    }
    if start.len() < HEADER {
        return Err(ArtifactError::Length { expected: HEADER as u64, actual });
    }
    let found = number(start, 8);
    if found != VERSION {
        return Err(ArtifactError::Version { found, supported: VERSION });
    }
    let expected = long(start, 16);
    if expected != actual || actual < HEADER as u64 {
        return Err(ArtifactError::Length { expected, actual });
    }
    Ok(())
}

/// The CRC-32, computed by several threads if the image is large: one core is slower than memory.
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
        let start = |part| std::thread::Builder::new().spawn_scoped(scope, move || hash(part));
        let others: Vec<_> = rest.chunks(part).map(|part| (part, start(part))).collect();
        let mut whole = hash(first);
        for (part, other) in others {
            // If a thread could not be started, this thread computes its part.
            let hasher = other.ok().and_then(|other| other.join().ok());
            whole.combine(&hasher.unwrap_or_else(|| hash(part)));
        }
        whole.finalize()
    })
}

/// Starting a thread takes some tens of microseconds: as long as the checksum of this many bytes.
const THREAD_BYTES: usize = 4 << 20;
/// More threads than this wait for memory.
const MOST_THREADS: usize = 4;

fn number(bytes: &[u8], at: usize) -> u32 {
    bytes[at..].first_chunk().map_or(0, |chunk| u32::from_le_bytes(*chunk))
}

fn long(bytes: &[u8], at: usize) -> u64 {
    bytes[at..].first_chunk().map_or(0, |chunk| u64::from_le_bytes(*chunk))
}

/// The buffer of an image, whose sections are to be written.
#[cfg(feature = "compile")]
pub(super) struct Writer {
    buffer: Buffer,
    /// Where the first section starts.
    start: usize,
}

#[cfg(feature = "compile")]
impl Writer {
    /// For sections with these lengths in bytes.
    pub(super) fn new(lengths: &[usize]) -> Self {
        let start = HEADER + lengths.len() * 16;
        let length = lengths.iter().fold(start, |end, length| end + length.next_multiple_of(8));
        let mut buffer = Buffer::zeroed(length);
        let bytes = buffer.bytes();
        bytes[..8].copy_from_slice(&MAGIC);
        bytes[8..12].copy_from_slice(&VERSION.to_le_bytes());
        bytes[16..24].copy_from_slice(&(length as u64).to_le_bytes());
        bytes[24..28].copy_from_slice(&(lengths.len() as u32).to_le_bytes());
        let mut offset = start;
        for (entry, length) in bytes[HEADER..start].chunks_exact_mut(16).zip(lengths) {
            entry[..8].copy_from_slice(&(offset as u64).to_le_bytes());
            entry[8..].copy_from_slice(&(*length as u64).to_le_bytes());
            offset += length.next_multiple_of(8);
        }
        Self { buffer, start }
    }

    /// The bytes of all sections, which are zero.
    pub(super) fn sections(&mut self) -> Blank<'_> {
        Blank(&mut self.buffer.bytes()[self.start..])
    }

    /// The image, with its digest and checksum.
    pub(super) fn finish(mut self) -> Image {
        use sha2::{Digest, Sha256};
        let bytes = self.buffer.bytes();
        let digest = Sha256::digest(&bytes[HEADER..]);
        bytes[32..64].copy_from_slice(&digest);
        let checksum = checksum(&bytes[16..]);
        bytes[12..16].copy_from_slice(&checksum.to_le_bytes());
        self.buffer.into_image()
    }
}

/// Memory for an image that is written.
#[cfg(feature = "compile")]
enum Buffer {
    Allocated(Box<[u64]>),
    /// A map of memory, which the system clears page by page as it is written. An allocator would clear all of it
    /// before, while the lines of the compiler are still there.
    Mapped(memmap2::MmapMut),
}

/// Bytes of the smallest memory that is a map of its own: small policies need none.
#[cfg(feature = "compile")]
pub(super) const SMALLEST_MAP: usize = 1 << 20;

#[cfg(feature = "compile")]
impl Buffer {
    /// A buffer of this many bytes, a multiple of 8.
    fn zeroed(length: usize) -> Self {
        if length >= SMALLEST_MAP
            && let Ok(map) = memmap2::MmapMut::map_anon(length)
        {
            return Self::Mapped(map);
        }
        Self::Allocated(bytemuck::allocation::zeroed_slice_box(length / 8))
    }

    fn bytes(&mut self) -> &mut [u8] {
        match self {
            Self::Allocated(buffer) => bytemuck::cast_slice_mut(buffer),
            Self::Mapped(map) => map,
        }
    }

    fn into_image(self) -> Image {
        match self {
            Self::Allocated(buffer) => {
                let length = size_of_val(&*buffer);
                Image::Owned(buffer, length)
            }
            Self::Mapped(map) => Image::Written(map),
        }
    }
}

/// The bytes of sections that were not taken yet.
#[cfg(feature = "compile")]
pub(super) struct Blank<'a>(&'a mut [u8]);

#[cfg(feature = "compile")]
impl<'a> Blank<'a> {
    /// The next section, which has its declared length.
    pub(super) fn next<T: bytemuck::Pod>(&mut self, records: usize) -> &'a mut [T] {
        let length = records * size_of::<T>();
        let (section, rest) = std::mem::take(&mut self.0).split_at_mut(length.next_multiple_of(8));
        self.0 = rest;
        bytemuck::cast_slice_mut(&mut section[..length])
    }
}

#[cfg(test)]
mod tests {
    use super::{ArtifactError, Image};

    #[test]
    fn a_length_that_no_memory_holds_is_an_error() {
        for length in [usize::MAX, isize::MAX.unsigned_abs(), 1 << 62] {
            let image = Image::filled(length, |_| Ok(()));
            assert!(matches!(image, Err(ArtifactError::Io(_))), "{length}");
        }
    }
}
