//! A section for each recipient, with all that is shared with it, as a list of the services in an app has it.

use super::entries::{self, further};
use crate::notice::block::{self, Block};
use crate::notice::sentence::{Join, Sentence};
use crate::notice::view::Section;
use crate::notice::words::Words;
use whyfor::notice::{Entry, Notice, Selected};
use whyfor::{Act, StatementKind};

pub(super) fn sections(words: &Words, notice: &Notice) -> Vec<Section> {
    let mut sections: Vec<Section> = Vec::new();
    for entry in entries::all(notice).filter(|entry| entry.kind == StatementKind::Permit) {
        let Act::Share(recipients) = &entry.act else { continue };
        for one in each(recipients) {
            let title =
                Sentence::new(words).of_names().selected(&one, &words.anyone, Join::And).text;
            let block = shared(words, entry, one);
            match sections.iter_mut().find(|section| section.title == title) {
                Some(section) => section.blocks.push(block),
                None => sections.push(section(sections.len(), title, block)),
            }
        }
    }
    sections.extend(further(words, entries::besides(notice)));
    sections
}

fn section(number: usize, title: String, block: Block) -> Section {
    Section {
        id: format!("recipient-{}", number + 1),
        title,
        because: String::new(),
        columns: Vec::new(),
        place: block.place.clone(),
        blocks: vec![block],
        additional: Vec::new(),
    }
}

/// Each recipient of a list by itself. A list with exceptions, and "anyone", are said as a whole.
fn each(recipients: &Selected) -> Vec<Selected> {
    if recipients.everything || !recipients.except.is_empty() || !recipients.groups.is_empty() {
        return vec![recipients.clone()];
    }
    let one =
        |item: &whyfor::notice::Item| Selected { items: vec![item.clone()], ..Selected::default() };
    recipients.items.iter().map(one).collect()
}

/// What a permit shares with one of its recipients.
fn shared(words: &Words, entry: &Entry, recipients: Selected) -> Block {
    block::block(words, &Entry { act: Act::Share(recipients), ..entry.clone() })
}
