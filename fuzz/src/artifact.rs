//! Compiled policies, forged behind a right checksum: each loads or is refused, and then answers everything
//! that it can be asked, in time that its size bounds, without a panic.
//!
//! The fuzzer's bytes are edits of an artifact, in each of its layouts: what is made up byte by byte would be
//! refused for its header.

use super::answers::{self, Random};
use super::clock;
use super::image::{Image, seal};
use std::sync::OnceLock;
use std::time::Duration;
use whyfor::reference::Layout;
use whyfor::{Memory, Model, Policy};

/// What is edited: a policy with every kind of part, and one so small that edits meet.
const POLICIES: [&str; 2] =
    [include_str!("../policies/whole.why"), include_str!("../policies/small.why")];

/// Questions by names and by ids for each artifact.
const QUESTIONS: usize = 8;
/// What an artifact of these sizes takes is some milliseconds; a sanitizer makes it twenty times as many.
const LIMIT: Duration = Duration::from_secs(2);
/// Edits make an artifact no longer than this.
const LONGEST: usize = 64 << 10;

/// Forges an artifact as the bytes say, loads it and asks it.
pub fn run(input: &[u8]) {
    clock::within(LIMIT, "a forged artifact", || {
        if let Ok(policy) = Policy::from_artifact(&forged(input)) {
            let mut random = Random::new(u64::from(crc32fast::hash(input)));
            answers::ask(&policy, QUESTIONS, &mut random);
            let _ = policy.check_expectations(&models()[0]);
        }
    });
}

/// Whether what the bytes forge is loaded.
pub fn is_loaded(input: &[u8]) -> bool {
    Policy::from_artifact(&forged(input)).is_ok()
}

/// The artifact that the bytes forge: its checksum is right.
fn forged(input: &[u8]) -> Vec<u8> {
    let mut edits = Edits(input);
    let bases = bases();
    let mut image = bases[edits.below(bases.len())].clone();
    // The last edit may be one of the bytes as they are on the disk.
    while edits.0.len() > 8 {
        edits.apply(&mut image);
    }
    let mut bytes = image.to_bytes();
    edits.apply_to_bytes(&mut bytes);
    seal(&mut bytes);
    bytes
}

/// Each of the policies in each of the layouts.
fn bases() -> &'static [Image] {
    static BASES: OnceLock<Vec<Image>> = OnceLock::new();
    BASES.get_or_init(|| {
        let compile = |model, layout| {
            let policy = Policy::compile_as(model, layout);
            Image::of(policy.unwrap_or_else(|errors| panic!("{errors}")).as_bytes())
        };
        models().iter().flat_map(|model| Layout::ALL.map(|layout| compile(model, layout))).collect()
    })
}

fn models() -> &'static [Model; 2] {
    static MODELS: OnceLock<[Model; 2]> = OnceLock::new();
    MODELS.get_or_init(|| {
        POLICIES.map(|text| {
            let files = Memory::new().with("policy.why", text);
            Model::from_loader(&files, "policy.why").unwrap_or_else(|errors| panic!("{errors}"))
        })
    })
}

/// What is left of the fuzzer's bytes. At their end they are zeros.
struct Edits<'i>(&'i [u8]);

impl Edits<'_> {
    fn byte(&mut self) -> u8 {
        let Some((byte, rest)) = self.0.split_first() else { return 0 };
        self.0 = rest;
        *byte
    }

    fn short(&mut self) -> usize {
        usize::from(u16::from_le_bytes([self.byte(), self.byte()]))
    }

    fn below(&mut self, bound: usize) -> usize {
        let number = if bound <= 256 { usize::from(self.byte()) } else { self.short() };
        number % bound.max(1)
    }

    /// Changes a section.
    fn apply(&mut self, image: &mut Image) {
        let kind = self.byte();
        let section = self.below(image.sections.len());
        let mut words = image.words(section);
        let at = self.below(words.len() + 1);
        match kind % 8 {
            0..=2 => {
                let word = self.word(image, section, words.get(at).copied().unwrap_or(0));
                if let Some(place) = words.get_mut(at) {
                    *place = word;
                }
            }
            3 => {
                let from = self.below(words.len());
                if at < words.len() {
                    words.swap(at, from);
                }
            }
            4 => words.truncate(at),
            5 => {
                let word = self.word(image, section, 0);
                let count = 1 + self.below(64);
                words.splice(at..at, std::iter::repeat_n(word, count));
            }
            6 => {
                let count = self.below(words.len() - at + 1);
                words.extend_from_within(at..at + count);
            }
            _ => {
                let other = self.below(image.sections.len());
                let from = image.words(other);
                words.splice(at.., from);
            }
        }
        let others: usize = image.sections.iter().map(Vec::len).sum();
        if others + words.len() * 4 <= LONGEST {
            image.write(section, &words);
        }
    }

    /// A number that may be worth writing in place of another.
    fn word(&mut self, image: &Image, section: usize, old: u32) -> u32 {
        let kind = self.byte();
        match kind % 8 {
            0 => u32::from(self.byte()),
            1 => u32::from_le_bytes([self.byte(), self.byte(), self.byte(), self.byte()]),
            2 => u32::MAX - u32::from(self.byte() % 4),
            3 => 1 << (self.byte() % 32),
            4 => old.wrapping_add(u32::from(self.byte())).wrapping_sub(128),
            5 => (image.sections[section].len() / 4) as u32,
            6 => {
                let words = image.words(self.below(image.sections.len()));
                let at = self.below(words.len());
                words.get(at).copied().unwrap_or(0)
            }
            _ => old ^ 1 << (self.byte() % 32),
        }
    }

    /// Changes the file as it is: its header, the table of its sections, its length.
    fn apply_to_bytes(&mut self, bytes: &mut Vec<u8>) {
        let kind = self.byte();
        let table = 64 + 16 * usize::from(bytes[24]);
        match kind % 16 {
            0 => {
                let at = self.below(table);
                bytes[at] = self.byte();
            }
            1 => {
                let at = 64 + 8 * self.below((table - 64) / 8);
                let word = u64::from(self.byte()) << (self.byte() % 64);
                bytes[at..at + 8].copy_from_slice(&word.to_le_bytes());
            }
            2 => bytes.truncate(self.short()),
            3 => {
                bytes.extend_from_slice(self.0);
                let length = bytes.len() as u64;
                bytes[16..24].copy_from_slice(&length.to_le_bytes());
            }
            4 => {
                let at = self.below(bytes.len());
                bytes[at] = self.byte();
            }
            _ => {}
        }
    }
}
