//! Decision tables: the answers of a policy, laid out so that a decision is a few dependent loads.
//!
//! Takes a [`Model`](crate::Model) (feature `compile`) or the bytes of an artifact, and gives [`Tables`]:
//! slices over one image of bytes. A table in memory and an artifact on disk are the same bytes, so they
//! cannot answer differently. Nothing here reads a policy's text.
//!
//! # The path of a decision
//!
//! Categories that behave alike share a *row*, purposes that behave alike share a *column*, and methods and
//! recipients that behave alike share a *plane*, as bytes that behave alike in a DFA share a class. Plane 0 is
//! `use`. A resolved id carries its class, so a decision by ids is:
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
//! The three numbers are classes times strides, so finding a cell takes one sum and one load. If a table has
//! over half a million cells, their *kinds* are stored separately, two bits each: most decisions read only
//! these, and more of them fit into a processor's caches. If that saves memory, the cells are stored as
//! *lines*, one for each row and plane. The kinds of a table with over 128 million cells are in the lines too.
//! A line says at which columns the cell changes. Up to sixteen starts are compared with the column at once; a
//! line with more starts is a B-tree:
//!
//! ```text
//!   part    16 starts of runs, u16 each │ 16 kinds, two bits each │ place of the runs' cells
//!                                       │              or, above others: place of a part for each start
//! ```
//!
//! # Questions, not points
//!
//! Asking about a group asks about all of it, so a cell holds the outcome of the whole question: the minimum
//! over all points at or below the three nodes. The compiler computes it, so a group costs as much as a single
//! node.
//!
//! - `schema`, `records`: the list of the sections, and their records;
//! - `ids`: the types of the numbers in records;
//! - `image`: the bytes: header, checks, memory map;
//! - `tables`: the lookups;
//! - `ascending`: that the parts of a section do not overlap;
//! - `verify`: the checks when loading, and why no answer takes long;
//! - `once`: reads each list once;
//! - `names`: perfect hash tables from names to ids;
//! - `retention`: which limits on retention count of many;
//! - `glob`, `patterns`: field patterns and the index that finds the few that may match;
//! - `compile`: from the model to an image.

mod ascending;
#[cfg(feature = "compile")]
pub(crate) mod compile;
pub(crate) mod glob;
pub(crate) mod ids;
pub(crate) mod image;
pub(crate) mod names;
pub(crate) mod once;
pub(crate) mod patterns;
mod records;
pub(crate) mod retention;
pub(crate) mod schema;
pub(crate) mod tables;
mod verify;

pub(crate) use image::Image;
pub use image::{ARTIFACT_VERSION, Aligned, ArtifactError};
pub(crate) use tables::Tables;
