//! Decision tables: what a policy answers, laid out so that a decision is a few dependent loads.
//!
//! Takes a [`Model`](crate::Model) (feature `compile`) or the bytes of an artifact, gives [`Tables`]:
//! slices over one image of bytes. A table in memory and an artifact on disk are the same bytes, so
//! they cannot answer differently. Nothing here looks at a policy's text.
//!
//! # The path of a decision
//!
//! Categories that behave alike share a *row*, purposes that behave alike share a *column*, and
//! methods and recipients that behave alike share a *plane*, as the bytes that a DFA cannot tell
//! apart share a class. Plane 0 is `use`. A resolved id carries its class, so by ids:
//!
//! ```text
//!   category + act + purpose ──▶ cells ──▶ cell          one u32: outcome << 2 | kind
//!                                           │
//!             kind 0 deny · 2 allow: done   │  kind 1, 3: the condition, before the outcome
//!                                           ▼
//!   outcomes: …  mask of yes, mask of no  │  duties, points, statements …
//!                └ against the facts' words, which are masks as well
//! ```
//!
//! The three numbers are classes times strides, so a cell is one addition and one load away. A table
//! too large to store whole (over two million cells) keeps *lines* instead, one for each row and plane:
//! equal lines once: whole, or where that would take over 64 MiB, the columns where the cell changes and
//! the cells. The run of a column is found by counting the starts up to it, four at a time, without a
//! branch:
//!
//! ```text
//!   category + act ──▶ lines ──(run starts ≤ purpose, counted)──▶ run cells ──▶ cell
//! ```
//!
//! # Questions, not points
//!
//! Asking about a group asks about all of it, so a cell holds the outcome of the whole question: the
//! least over all points at or below the three nodes. That is folded in when compiling, hence a group
//! costs what a single node costs.
//!
//! - `image`: the bytes: header, sections, checks, memory map;
//! - `tables`: the sections as typed slices, and the lookups;
//! - `names`: perfect hash tables from names to ids;
//! - `glob`, `patterns`: field patterns and the index that finds the few that may match;
//! - `compile`: from the model to an image.

#[cfg(feature = "compile")]
pub(crate) mod compile;
pub(crate) mod glob;
pub(crate) mod image;
pub(crate) mod names;
pub(crate) mod patterns;
pub(crate) mod tables;

pub use image::ArtifactError;
pub(crate) use image::Image;
pub(crate) use tables::{NO_NODE, Tables};
