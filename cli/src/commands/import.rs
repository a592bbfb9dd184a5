//! `whyfor import`: drafts of policies from what there is already.

use crate::args::{Import, ImportList};
use crate::exit::{Exit, Failure};
use crate::import::list;
use crate::notice::labels;
use crate::notice::read;
use std::io::Write;

pub(crate) fn run(arguments: &Import) -> Result<Exit, Failure> {
    match arguments {
        Import::List(arguments) => from_list(arguments),
    }
}

fn from_list(arguments: &ImportList) -> Result<Exit, Failure> {
    let text = labels::read(&arguments.file)?;
    let words = match &arguments.labels {
        None => crate::notice::words::Words::default(),
        Some(path) => labels::words(path)?,
    };
    let name = arguments.file.file_name().unwrap_or_default().to_string_lossy();
    let page = read::read(&text, &words);
    let Some(draft) = list::draft(&page, &words, &name) else {
        return Err(Failure::Usage(format!(
            "`{}` has no list that can be read: it is made of headings, and below them of items such as \
             `- **{}**: …`, `- **{}**: …`, `- **{}**: …`; other labels are named by `--labels`",
            arguments.file.display(),
            words.collected,
            words.method,
            words.purpose
        )));
    };
    std::io::stdout()
        .lock()
        .write_all(draft.as_bytes())
        .map_err(Failure::io("cannot write the draft"))?;
    Ok(Exit::Fine)
}
