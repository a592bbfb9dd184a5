//! An artifact taken apart into its sections and put together again. What it knows of the format is the
//! drawing at the top of `src/table/image.rs`.

const HEADER: usize = 64;

/// The sections of an artifact.
#[derive(Clone)]
pub struct Image {
    head: [u8; HEADER],
    pub sections: Vec<Vec<u8>>,
}

impl Image {
    /// Takes a whole artifact apart.
    pub fn of(bytes: &[u8]) -> Self {
        let mut head = [0; HEADER];
        head.copy_from_slice(&bytes[..HEADER]);
        let sections = (0..number(bytes, 24) & 0xFFFF_FFFF).map(|section| {
            let entry = HEADER + section as usize * 16;
            let (offset, length) =
                (number(bytes, entry) as usize, number(bytes, entry + 8) as usize);
            bytes[offset..offset + length].to_vec()
        });
        Self { head, sections: sections.collect() }
    }

    /// The artifact, with the right length and checksum.
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut bytes = self.head.to_vec();
        bytes[24..28].copy_from_slice(&(self.sections.len() as u32).to_le_bytes());
        let mut offset = HEADER + self.sections.len() * 16;
        for section in &self.sections {
            bytes.extend((offset as u64).to_le_bytes());
            bytes.extend((section.len() as u64).to_le_bytes());
            offset += section.len().next_multiple_of(8);
        }
        for section in &self.sections {
            bytes.extend(section);
            bytes.resize(bytes.len().next_multiple_of(8), 0);
        }
        let length = bytes.len() as u64;
        bytes[16..24].copy_from_slice(&length.to_le_bytes());
        seal(&mut bytes);
        bytes
    }

    /// A section as numbers.
    pub fn words(&self, section: usize) -> Vec<u32> {
        let (words, _) = self.sections[section].as_chunks::<4>();
        words.iter().map(|word| u32::from_le_bytes(*word)).collect()
    }

    /// Replaces a section.
    pub fn write(&mut self, section: usize, words: &[u32]) {
        self.sections[section] = words.iter().flat_map(|word| word.to_le_bytes()).collect();
    }

    /// Changes one number of a section.
    pub fn set(&mut self, section: usize, at: usize, word: u32) {
        self.sections[section][at * 4..at * 4 + 4].copy_from_slice(&word.to_le_bytes());
    }
}

/// Gives bytes the checksum that fits them.
pub fn seal(bytes: &mut [u8]) {
    if bytes.len() >= 16 {
        let checksum = crc32fast::hash(&bytes[16..]);
        bytes[12..16].copy_from_slice(&checksum.to_le_bytes());
    }
}

fn number(bytes: &[u8], at: usize) -> u64 {
    bytes[at..].first_chunk().map_or(0, |chunk| u64::from_le_bytes(*chunk))
}
