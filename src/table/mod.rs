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
//! The three numbers are classes times strides, so a cell is one addition and one load away. Of a
//! table of over half a million cells the *kinds* are stored by themselves, two bits each: they are all
//! that most decisions look at, and more of them fit into a processor's caches. Where that saves
//! memory, the cells are behind *lines*, one for each row and plane, and so are the kinds of a table
//! with over 128 million of them. A line says at which columns the cell changes; up to sixteen such
//! starts are compared with the column at once, and a line of more is a B-tree of them:
//!
//! ```text
//!   line    16 starts of runs, u16 each │ 16 kinds, two bits each │ where the cells of the runs are
//!                                       │                  or, if it is not the last part of its
//!                                       │                  line: where the line for each start is
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
//! - `verify`: what is checked of them when they are loaded, and why no answer takes long;
//! - `once`: what an answer reads of a section, each list once;
//! - `names`: perfect hash tables from names to ids;
//! - `glob`, `patterns`: field patterns and the index that finds the few that may match;
//! - `compile`: from the model to an image.

#[cfg(feature = "compile")]
pub(crate) mod compile;
pub(crate) mod glob;
pub(crate) mod ids;
pub(crate) mod image;
pub(crate) mod names;
pub(crate) mod once;
pub(crate) mod patterns;
pub(crate) mod schema;
pub(crate) mod tables;
mod verify;

pub use image::ArtifactError;
pub(crate) use image::Image;
pub(crate) use tables::Tables;
