//! A page as a sequence of marks: where headings, paragraphs, items and their texts start and end.
//!
//! Text outside of paragraphs is a paragraph of its own, up to the next block. A table is one mark,
//! a grid of cells; a table that holds tables only lays out a page, and its cells are read as blocks.

use super::dom::{Data, Dom, ReadError};
use super::elements::{is_block, is_code, is_hidden, is_written};
use super::grid::{self, Grid};

/// A part of a page.
pub(super) enum Mark<'d> {
    Heading,
    EndHeading(u8),
    Item,
    EndItem,
    Paragraph,
    EndParagraph,
    Strong,
    EndStrong,
    Text(&'d str),
    /// The source goes on in the next line.
    SoftBreak,
    /// The page goes on in the next line.
    HardBreak,
    /// What heads a table.
    Caption,
    EndCaption,
    Table(Grid),
    /// Text that is shown as it is written, such as code.
    Code(String),
}

/// Calls `mark` for each mark of a page with its line.
pub(super) fn each(dom: &Dom, mark: &mut dyn FnMut(Mark<'_>, usize)) -> Result<(), ReadError> {
    let has_headings = (0..dom.nodes.len()).any(|id| is_heading(dom.tag(id)));
    let mut walker = Walker {
        dom,
        mark,
        paragraph: false,
        items: 0,
        navigation: 0,
        is_headed: !has_headings,
        heading: false,
    };
    walker.node(0)?;
    walker.end_paragraph(0);
    Ok(())
}

/// The text of the element `title` of a page.
pub(super) fn title(dom: &Dom) -> Option<String> {
    let id = (0..dom.nodes.len()).find(|id| dom.tag(*id) == "title")?;
    let texts = dom.nodes[id].children.iter().filter_map(|child| match &dom.nodes[*child].data {
        Data::Text(text) => Some(text.trim()),
        _ => None,
    });
    Some(texts.collect::<Vec<_>>().join(" ")).filter(|title| !title.is_empty())
}

fn is_heading(tag: &str) -> bool {
    matches!(tag, "h1" | "h2" | "h3" | "h4" | "h5" | "h6")
}

struct Walker<'d, 'm> {
    dom: &'d Dom,
    mark: &'m mut dyn FnMut(Mark<'d>, usize),
    /// A paragraph is open.
    paragraph: bool,
    /// The number of items around.
    items: usize,
    /// The number of elements around that lead to other places.
    navigation: usize,
    /// A heading stands above, or the page has none.
    is_headed: bool,
    /// A heading or a caption is open.
    heading: bool,
}

impl<'d> Walker<'d, '_> {
    fn node(&mut self, id: usize) -> Result<(), ReadError> {
        let node = &self.dom.nodes[id];
        if let Data::Text(text) = &node.data {
            self.text(text, node.line);
            return Ok(());
        }
        let tag = self.dom.tag(id);
        let line = node.line;
        match tag {
            _ if is_hidden(self.dom, id) => {}
            _ if is_code(tag) => {
                if is_written(tag) {
                    self.end_paragraph(line);
                }
                (self.mark)(Mark::Code(self.dom.text(id)), line);
            }
            "nav" | "footer" => {
                self.navigation += 1;
                self.block(id)?;
                self.navigation -= 1;
            }
            "br" => self.inline(Mark::HardBreak, line),
            "strong" | "b" => {
                self.inline(Mark::Strong, line);
                self.children(id)?;
                self.inline(Mark::EndStrong, line);
            }
            _ if is_heading(tag) => self.heading(id, tag)?,
            "li" if self.is_pointer(id) => self.block(id)?,
            "li" | "dl" => self.item(id, tag)?,
            "table" => match grid::read(self.dom, id)? {
                Some(grid) => {
                    self.end_paragraph(line);
                    self.captions(id)?;
                    (self.mark)(Mark::Table(grid), line);
                }
                None => self.block(id)?,
            },
            _ if is_block(tag) => self.block(id)?,
            _ => self.children(id)?,
        }
        Ok(())
    }

    fn children(&mut self, id: usize) -> Result<(), ReadError> {
        self.dom.nodes[id].children.iter().try_for_each(|child| self.node(*child))
    }

    fn block(&mut self, id: usize) -> Result<(), ReadError> {
        let line = self.dom.nodes[id].line;
        self.end_paragraph(line);
        self.children(id)?;
        self.end_paragraph(line);
        Ok(())
    }

    fn heading(&mut self, id: usize, tag: &str) -> Result<(), ReadError> {
        let line = self.dom.nodes[id].line;
        let level = tag.as_bytes()[1] - b'0';
        self.end_paragraph(line);
        (self.mark)(Mark::Heading, line);
        self.heading = true;
        self.children(id)?;
        self.heading = false;
        (self.mark)(Mark::EndHeading(level), line);
        self.is_headed = true;
        Ok(())
    }

    /// What heads a table stands above it.
    fn captions(&mut self, table: usize) -> Result<(), ReadError> {
        let shown = |id: &&usize| self.dom.tag(**id) == "caption" && !is_hidden(self.dom, **id);
        let captions: Vec<usize> =
            self.dom.nodes[table].children.iter().filter(shown).copied().collect();
        for id in captions {
            let line = self.dom.nodes[id].line;
            (self.mark)(Mark::Caption, line);
            self.heading = true;
            self.children(id)?;
            self.heading = false;
            (self.mark)(Mark::EndCaption, line);
        }
        Ok(())
    }

    /// Whether an item only leads to another place: a link within the page, or any link in its navigation, its footer
    /// or above its first heading.
    fn is_pointer(&self, id: usize) -> bool {
        let leads = |id: usize| {
            let address = self.dom.attribute(id, "href").unwrap_or_default();
            self.navigation > 0 || !self.is_headed || address.starts_with('#')
        };
        let mut links = 0;
        let mut pending = vec![id];
        while let Some(id) = pending.pop() {
            for child in &self.dom.nodes[id].children {
                match (&self.dom.nodes[*child].data, self.dom.tag(*child)) {
                    (Data::Text(text), _) if !text.trim().is_empty() => return false,
                    (Data::Element(..), "a") if leads(*child) => links += 1,
                    (Data::Element(..), "p" | "span") => pending.push(*child),
                    (Data::Element(..), "ul" | "ol") => {}
                    (Data::Element(..), _) => return false,
                    _ => {}
                }
            }
        }
        self.items == 0 && links > 0
    }

    /// An item of a list, or each term of a list of terms with what is said of it.
    fn item(&mut self, id: usize, tag: &str) -> Result<(), ReadError> {
        let line = self.dom.nodes[id].line;
        self.end_paragraph(line);
        if tag == "li" {
            return self.in_item(line, |walker| walker.block(id));
        }
        let children = &self.dom.nodes[id].children;
        let terms =
            children.iter().filter(|child| matches!(self.dom.tag(**child), "dt" | "dd" | "div"));
        let terms: Vec<usize> = terms.copied().collect();
        let starts = |(_, id): &(usize, &usize)| self.dom.tag(**id) != "dd";
        let firsts: Vec<usize> =
            terms.iter().enumerate().filter(starts).map(|(at, _)| at).collect();
        for (number, first) in firsts.iter().enumerate() {
            let end = firsts.get(number + 1).copied().unwrap_or(terms.len());
            let line = self.dom.nodes[terms[*first]].line;
            self.in_item(line, |walker| walker.term(&terms[*first..end]))?;
        }
        Ok(())
    }

    fn term(&mut self, parts: &[usize]) -> Result<(), ReadError> {
        for id in parts {
            let line = self.dom.nodes[*id].line;
            let is_term = self.dom.tag(*id) == "dt";
            if is_term {
                self.inline(Mark::Strong, line);
            }
            match self.dom.tag(*id) {
                "div" => {
                    let inner: Vec<usize> = self.dom.nodes[*id].children.clone();
                    self.term(&inner)?;
                }
                "dt" => self.children(*id)?,
                _ => self.block(*id)?,
            }
            if is_term {
                self.inline(Mark::EndStrong, line);
                self.inline(Mark::Text(":"), line);
            }
        }
        Ok(())
    }

    fn in_item(
        &mut self,
        line: usize,
        contents: impl FnOnce(&mut Self) -> Result<(), ReadError>,
    ) -> Result<(), ReadError> {
        (self.mark)(Mark::Item, line);
        self.items += 1;
        contents(self)?;
        self.items -= 1;
        (self.mark)(Mark::EndItem, line);
        Ok(())
    }

    fn text(&mut self, text: &'d str, line: usize) {
        if text.trim().is_empty() && !self.is_in_text() {
            return;
        }
        for (at, part) in text.split('\n').enumerate() {
            if at > 0 {
                self.inline(Mark::SoftBreak, line + at);
            }
            if !part.is_empty() {
                self.inline(Mark::Text(part), line + at);
            }
        }
    }

    fn is_in_text(&self) -> bool {
        self.paragraph || self.heading || self.items > 0
    }

    fn inline(&mut self, mark: Mark<'d>, line: usize) {
        if !self.is_in_text() {
            self.paragraph = true;
            (self.mark)(Mark::Paragraph, line);
        }
        (self.mark)(mark, line);
    }

    fn end_paragraph(&mut self, line: usize) {
        if std::mem::take(&mut self.paragraph) {
            (self.mark)(Mark::EndParagraph, line);
        } else if self.items > 0 && !self.heading {
            (self.mark)(Mark::SoftBreak, line);
        }
    }
}
