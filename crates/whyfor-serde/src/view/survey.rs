//! The first pass: decides every value and writes the plan, without a format.

use crate::key::name_of;
use crate::paths::{Mark, PathId};
use crate::private::{Private, tag};
use crate::problem::{Bad, Problem};
use crate::scalars::each_scalar;
use crate::treatment::{Fate, Layout};
use crate::walk::Walk;
use serde::ser::{self, Serialize, Serializer};

/// Serializes a value into tokens.
#[derive(Clone, Copy)]
pub(super) struct Survey<'w> {
    pub(super) walk: &'w Walk<'w>,
    pub(super) path: PathId,
    pub(super) depth: usize,
}

impl<'w> Survey<'w> {
    #[inline(always)]
    fn leaf(self) -> Result<Fate, Bad> {
        self.walk.leaf(self.path, false)
    }

    /// A value that says nothing but that there is none.
    fn nothing(self) -> Result<Fate, Bad> {
        self.walk.leaf(self.path, true)
    }

    fn gather(self) -> Result<Gather<'w>, Bad> {
        let at = self.walk.open_at(self.path, self.depth)?;
        Ok(self.gather_at(at, Form::Parts))
    }

    fn gather_at(self, at: usize, form: Form) -> Gather<'w> {
        let tally = Tally::default();
        Gather { survey: self, at, tally, last: Fate::Drop, next_field: 0, key: None, form }
    }

    /// A value of another name for the format, at the same path.
    fn inside(self) -> Result<Self, Bad> {
        self.walk.check_depth(self.depth)?;
        Ok(Self { depth: self.depth + 1, ..self })
    }

    /// The contents of a variant have its name as a step: a format writes it as a key.
    fn in_variant(self, variant: &'static str) -> Self {
        let path = self.walk.field(self.path, variant, &mut 0);
        Self { path, depth: self.depth + 1, ..self }
    }
}

/// The fates of the parts of a value.
#[derive(Clone, Copy, Default)]
struct Tally {
    shown: u32,
    masked: u32,
    dropped: u32,
    /// Entries that would be masked, but whose keys may be data.
    hidden: u32,
}

impl Tally {
    fn add(&mut self, fate: Fate) {
        let count = match fate {
            Fate::Show => &mut self.shown,
            Fate::Mask => &mut self.masked,
            Fate::Drop => &mut self.dropped,
        };
        *count = count.saturating_add(1);
    }

    fn written(self) -> u32 {
        self.shown.saturating_add(self.masked)
    }

    fn all(self) -> u32 {
        self.written().saturating_add(self.dropped).saturating_add(self.hidden)
    }

    /// A container is shown if any part is.
    fn fate(self) -> Fate {
        match self {
            Self { shown: 1.., .. } => Fate::Show,
            Self { masked: 1.., .. } | Self { hidden: 1.., .. } => Fate::Mask,
            Self { .. } => Fate::Drop,
        }
    }
}

/// What a container is.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Form {
    Parts,
    /// A value of a private name, in its one field.
    Private(Private),
    /// A tag and a value: first comes the number of the tag.
    Tag,
    /// Then the value.
    Tagged,
    /// A value that stood for the container is decided.
    Done,
}

/// A container of the first pass.
pub(super) struct Gather<'w> {
    survey: Survey<'w>,
    /// Its token.
    at: usize,
    tally: Tally,
    /// The fate of the last part.
    last: Fate,
    next_field: usize,
    key: Option<(PathId, Mark)>,
    form: Form,
}

impl Gather<'_> {
    /// A part at a path.
    #[inline(always)]
    fn part<T: Serialize + ?Sized>(&mut self, path: PathId, value: &T) -> Result<(), Bad> {
        let Survey { walk, depth, .. } = self.survey;
        let survey = Survey { walk, path, depth: depth + 1 };
        match value.serialize(survey) {
            Ok(fate) => {
                self.tally.add(fate);
                self.last = fate;
                Ok(())
            }
            Err(problem) => Err(walk.fail(path, problem)),
        }
    }

    fn item<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), Bad> {
        match self.form {
            Form::Parts => self.part(self.survey.path, value),
            Form::Tag => {
                self.form = Form::Tagged;
                Ok(())
            }
            Form::Tagged => {
                self.form = Form::Done;
                self.part(self.survey.path, value)
            }
            Form::Private(_) | Form::Done => Err(Problem::Unreadable.into()),
        }
    }

    #[inline(always)]
    fn field<T: Serialize + ?Sized>(&mut self, name: &'static str, value: &T) -> Result<(), Bad> {
        if let Form::Private(private) = self.form {
            return self.private(private, value);
        }
        let path = self.survey.walk.field(self.survey.path, name, &mut self.next_field);
        self.part(path, value)
    }

    /// A value of a private name is decided in the place of the struct that it is in. Raw JSON is walked.
    fn private<T: Serialize + ?Sized>(&mut self, private: Private, value: &T) -> Result<(), Bad> {
        let Survey { walk, path, .. } = self.survey;
        self.form = Form::Done;
        self.last = match (private, name_of(value)) {
            (_, None) => walk.unreadable(path),
            #[cfg(feature = "json")]
            (Private::Json, Some(text)) if walk.treatment.layout == Layout::Named => {
                crate::raw::Contents(&text).serialize(self.survey)
            }
            (Private::Json, Some(_)) => walk.unreadable(path),
            (_, Some(_)) => walk.leaf(path, false),
        }?;
        Ok(())
    }

    fn skipped(&mut self, name: &'static str) -> Result<(), Bad> {
        let Survey { walk, path, .. } = self.survey;
        if walk.treatment.layout == Layout::Named {
            return Ok(());
        }
        let path = walk.field(path, name, &mut self.next_field);
        Err(walk.fail(path, Problem::Skipped))
    }

    fn end(self, is_list: bool) -> Result<Fate, Bad> {
        let Survey { walk, path, .. } = self.survey;
        match self.form {
            Form::Parts => {}
            Form::Done => return Ok(self.last),
            Form::Private(_) | Form::Tag | Form::Tagged => return Err(Problem::Unreadable.into()),
        }
        if self.tally.all() == 0 {
            // An empty container says that there is nothing, which may be as telling as a value.
            walk.leaf_at(self.at, path, true)
        } else {
            let count = if is_list { self.tally.all() } else { self.tally.written() };
            let fate = self.tally.fate();
            walk.close(self.at, count, fate);
            Ok(fate)
        }
    }
}

macro_rules! leaves {
    ($($method:ident: $type:ty),*) => {
        $(#[inline]
        fn $method(self, _: $type) -> Result<Fate, Bad> { self.leaf() })*
    };
}

impl<'w> Serializer for Survey<'w> {
    type Ok = Fate;
    type Error = Bad;
    type SerializeSeq = Gather<'w>;
    type SerializeTuple = Gather<'w>;
    type SerializeTupleStruct = Gather<'w>;
    type SerializeTupleVariant = Gather<'w>;
    type SerializeMap = Gather<'w>;
    type SerializeStruct = Gather<'w>;
    type SerializeStructVariant = Gather<'w>;

    each_scalar!(leaves);

    #[inline(always)]
    fn serialize_str(self, _: &str) -> Result<Fate, Bad> {
        self.leaf()
    }

    fn serialize_bytes(self, _: &[u8]) -> Result<Fate, Bad> {
        self.leaf()
    }

    fn serialize_none(self) -> Result<Fate, Bad> {
        self.nothing()
    }

    fn serialize_some<T: Serialize + ?Sized>(self, value: &T) -> Result<Fate, Bad> {
        value.serialize(self)
    }

    fn serialize_unit(self) -> Result<Fate, Bad> {
        self.nothing()
    }

    #[cfg_attr(not(feature = "json"), allow(unused_variables, reason = "raw JSON has a name"))]
    fn serialize_unit_struct(self, name: &'static str) -> Result<Fate, Bad> {
        #[cfg(feature = "json")]
        if name == crate::private::UNREADABLE {
            return self.walk.unreadable(self.path);
        }
        self.nothing()
    }

    fn serialize_unit_variant(self, _: &'static str, _: u32, _: &'static str) -> Result<Fate, Bad> {
        self.leaf()
    }

    fn serialize_newtype_struct<T: Serialize + ?Sized>(
        self,
        _: &'static str,
        value: &T,
    ) -> Result<Fate, Bad> {
        value.serialize(self)
    }

    fn serialize_newtype_variant<T: Serialize + ?Sized>(
        self,
        name: &'static str,
        _: u32,
        variant: &'static str,
        value: &T,
    ) -> Result<Fate, Bad> {
        if tag::is_untagged(name, variant) {
            return value.serialize(self.inside()?);
        }
        let mut gather = self.gather()?;
        let path = self.in_variant(variant).path;
        gather.part(path, value)?;
        gather.end(false)
    }

    fn serialize_seq(self, _: Option<usize>) -> Result<Gather<'w>, Bad> {
        self.gather()
    }

    fn serialize_tuple(self, _: usize) -> Result<Gather<'w>, Bad> {
        self.gather()
    }

    fn serialize_tuple_struct(self, _: &'static str, _: usize) -> Result<Gather<'w>, Bad> {
        self.gather()
    }

    fn serialize_tuple_variant(
        self,
        name: &'static str,
        _: u32,
        variant: &'static str,
        _: usize,
    ) -> Result<Gather<'w>, Bad> {
        if tag::is_tagged(name, variant) {
            return Ok(self.inside()?.gather_at(0, Form::Tag));
        }
        self.in_variant(variant).gather()
    }

    fn serialize_map(self, _: Option<usize>) -> Result<Gather<'w>, Bad> {
        self.gather()
    }

    fn serialize_struct(self, name: &'static str, _: usize) -> Result<Gather<'w>, Bad> {
        match Private::of_struct(name) {
            Some(private) => Ok(self.gather_at(0, Form::Private(private))),
            None => self.gather(),
        }
    }

    fn serialize_struct_variant(
        self,
        _: &'static str,
        _: u32,
        variant: &'static str,
        _: usize,
    ) -> Result<Gather<'w>, Bad> {
        self.in_variant(variant).gather()
    }

    fn is_human_readable(&self) -> bool {
        self.walk.is_human_readable
    }
}

macro_rules! lists {
    ($($trait:ident.$method:ident),*) => {
        $(impl ser::$trait for Gather<'_> {
            type Ok = Fate;
            type Error = Bad;

            fn $method<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), Bad> {
                self.item(value)
            }

            fn end(self) -> Result<Fate, Bad> {
                self.end(true)
            }
        })*
    };
}

lists!(
    SerializeSeq.serialize_element,
    SerializeTuple.serialize_element,
    SerializeTupleStruct.serialize_field,
    SerializeTupleVariant.serialize_field
);

macro_rules! structs {
    ($($trait:ident),*) => {
        $(impl ser::$trait for Gather<'_> {
            type Ok = Fate;
            type Error = Bad;

            #[inline]
            fn serialize_field<T: Serialize + ?Sized>(
                &mut self,
                name: &'static str,
                value: &T,
            ) -> Result<(), Bad> {
                self.field(name, value)
            }

            fn skip_field(&mut self, name: &'static str) -> Result<(), Bad> {
                self.skipped(name)
            }

            fn end(self) -> Result<Fate, Bad> {
                self.end(false)
            }
        })*
    };
}

structs!(SerializeStruct, SerializeStructVariant);

impl ser::SerializeMap for Gather<'_> {
    type Ok = Fate;
    type Error = Bad;

    fn serialize_key<T: Serialize + ?Sized>(&mut self, key: &T) -> Result<(), Bad> {
        let Survey { walk, path, .. } = self.survey;
        self.key = name_of(key).map(|name| walk.key(path, &name, &mut self.next_field));
        Ok(())
    }

    fn serialize_value<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), Bad> {
        let Survey { walk, path, .. } = self.survey;
        let Some((path, mark)) = self.key.take() else {
            // A key without a name: nothing says what the value is.
            self.tally.add(Fate::Drop);
            return walk.unreadable(path).map(|_| ());
        };
        let at = walk.len();
        let tally = self.tally;
        self.part(path, value)?;
        if self.last == Fate::Mask && !walk.is_spelt_out(path) {
            // The key itself may be data.
            walk.drop_at(at);
            self.tally = Tally { hidden: tally.hidden.saturating_add(1), ..tally };
        }
        walk.release(mark);
        Ok(())
    }

    fn end(self) -> Result<Fate, Bad> {
        self.end(false)
    }
}
