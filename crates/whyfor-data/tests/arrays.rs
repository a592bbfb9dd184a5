//! Conditions and masks over Arrow arrays answer for each row as the policy does with the row's facts stated.

#![cfg(feature = "arrow")]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs, reason = "tests")]

use arrow_array::builder::{LargeListBuilder, ListBuilder, StringBuilder, StringDictionaryBuilder};
use arrow_array::cast::AsArray;
use arrow_array::types::{Date32Type, Int8Type, Int32Type, Int64Type};
use arrow_array::{
    Array, ArrayRef, BooleanArray, Date32Array, Decimal128Array, Float32Array, Float64Array,
    Int32Array, Int64Array, LargeStringArray, ListArray, StringArray, StringViewArray, StructArray,
    UInt64Array,
};
use arrow_buffer::{NullBuffer, OffsetBuffer};
use arrow_data::ArrayData;
use arrow_schema::{DataType, Field};
use proptest::prelude::*;
use std::collections::BTreeMap;
use std::sync::Arc;
use whyfor::{FactValue, Facts, Mask, Policy, Question, Verdict};
use whyfor_data::{Columns, Parts, Residual, RowFacts, Salt, Shown, mask_array, show};

const DECLARATIONS: &str = r#"policy rows
category a { b c } category d
purpose marketing { news ads { banner } } purpose service { login } purpose crm also marketing
fact consent per purpose fact verified fact age: number fact region: one of eu, us, other
duty hash mask "sha-256-global" duty last mask "show-last-4" duty all mask "mask-alphanum" duty tell
"#;
const CATEGORIES: [&str; 4] = ["a", "a.b", "a.c", "d"];
const PURPOSES: [&str; 7] = [
    "marketing",
    "marketing.news",
    "marketing.ads",
    "marketing.ads.banner",
    "service",
    "service.login",
    "crm",
];
const TESTS: [&str; 12] = [
    "consent",
    "verified",
    "age >= 18",
    "age > 17.5",
    "age < 3",
    "age == 18",
    "age != 18",
    "age <= 0",
    "region is eu",
    "region in (eu, us)",
    "region is not us",
    "region not in (other)",
];
const REGIONS: [Option<&str>; 8] =
    [None, Some("eu"), Some("us"), Some("other"), Some("EU"), Some("uk"), Some(""), Some("eu ")];
const EXACT: i64 = 1 << 53;
const LISTS: [Option<&[Option<&str>]>; 10] = [
    None,
    Some(&[]),
    Some(&[Some("marketing")]),
    Some(&[Some("news")]),
    Some(&[Some("service"), Some("crm")]),
    Some(&[Some("nope")]),
    Some(&[Some("ads.banner")]),
    Some(&[Some("banner"), Some("login")]),
    Some(&[Some("marketing"), None]),
    Some(&[Some("crm")]),
];

/// Numbers that are drawn one after the other; each number says which of some.
struct Draw<'a>(std::iter::Cycle<std::slice::Iter<'a, u16>>);

impl Draw<'_> {
    fn below(&mut self, count: usize) -> usize {
        usize::from(*self.0.next().unwrap()) % count
    }

    fn of<'x, T>(&mut self, list: &'x [T]) -> &'x T {
        &list[self.below(list.len())]
    }

    fn many<T: Clone>(&mut self, rows: usize, list: &[T]) -> Vec<T> {
        (0..rows).map(|_| self.of(list).clone()).collect()
    }

    fn condition(&mut self, depth: usize) -> String {
        match self.below(10) {
            0..4 if depth < 3 => {
                let joint = *self.of(&[" and ", " or "]);
                let parts = 2 + self.below(2);
                let parts: Vec<String> = (0..parts).map(|_| self.condition(depth + 1)).collect();
                format!("({})", parts.join(joint))
            }
            4 if depth < 3 => format!("not {}", self.condition(3)),
            _ => (*self.of(&TESTS)).to_owned(),
        }
    }

    fn policy(&mut self) -> String {
        let mut text = DECLARATIONS.to_owned();
        for _ in 0..2 + self.below(5) {
            let (data, purpose) = (*self.of(&CATEGORIES), *self.of(&PURPOSES));
            let when = match self.below(5) {
                0 => String::new(),
                _ => format!(" when {}", self.condition(0)),
            };
            let duties =
                *self.of(&["", " then hash", " then last", " then all, tell", " then hash, last"]);
            text += &match self.below(10) {
                0 | 1 => format!("never use {data} for {purpose}{when}\n"),
                2 => format!("require hash to use {data} for {purpose}{when}\n"),
                _ => format!("use {data} for {purpose}{when}{duties}\n"),
            };
        }
        text
    }
}

/// A column, and what each of its rows states.
type Stating = (ArrayRef, Vec<Option<FactValue<'static>>>);

fn ages(draw: &mut Draw<'_>, rows: usize) -> Stating {
    let floats = [None, Some(17.9), Some(18.0), Some(-0.0), Some(-5.0), Some(f64::NAN)];
    let floats =
        [floats.as_slice(), &[Some(f64::INFINITY), Some(2f64.powi(60)), Some(17.5)]].concat();
    let whole = [None, Some(17), Some(18), Some(0), Some(EXACT), Some(EXACT + 1), Some(-EXACT - 1)];
    let stated =
        |value: Option<f64>| value.filter(|value| value.is_finite()).map(FactValue::Number);
    let whole_stated = |value: Option<i64>| {
        value.filter(|value| value.abs() <= EXACT).map(|value| FactValue::Number(value as f64))
    };
    match draw.below(6) {
        0 => {
            let values = draw.many(rows, &floats);
            (Arc::new(Float64Array::from(values.clone())), values.into_iter().map(stated).collect())
        }
        1 => {
            let values = draw.many(rows, &floats);
            let narrow = values.iter().map(|value| value.map(|value| value as f32));
            let narrow: Vec<Option<f32>> = narrow.collect();
            let states = narrow.iter().map(|value| stated(value.map(f64::from)));
            (Arc::new(Float32Array::from(narrow.clone())), states.collect())
        }
        2 => {
            let values = draw.many(rows, &whole);
            let states = values.iter().map(|value| whole_stated(*value)).collect();
            (Arc::new(Int64Array::from(values)), states)
        }
        3 => {
            let values = draw.many(rows, &whole);
            let values: Vec<_> =
                values.into_iter().map(|value| value.map(i64::unsigned_abs)).collect();
            let states = values.iter().map(|value| whole_stated(value.map(|value| value as i64)));
            (Arc::new(UInt64Array::from(values.clone())), states.collect())
        }
        4 => {
            let values =
                draw.many(rows, &[None, Some(1750i128), Some(1800), Some(1751), Some(-100)]);
            let states = values.iter().map(|value| stated(value.map(|value| value as f64 / 100.0)));
            let states = states.collect();
            let array = Decimal128Array::from(values).with_precision_and_scale(18, 2).unwrap();
            (Arc::new(array), states)
        }
        _ => (Arc::new(StringArray::from(vec![Some("18"); rows])), vec![None; rows]),
    }
}

fn regions(draw: &mut Draw<'_>, rows: usize) -> Stating {
    let values = draw.many(rows, &REGIONS);
    let known = |value: &Option<&'static str>| {
        value.filter(|value| ["eu", "us", "other"].contains(value)).map(FactValue::from)
    };
    let states = values.iter().map(known).collect();
    let array: ArrayRef = match draw.below(4) {
        0 => Arc::new(StringArray::from(values)),
        1 => Arc::new(LargeStringArray::from(values)),
        2 => Arc::new(StringViewArray::from(values)),
        _ => {
            let mut builder = StringDictionaryBuilder::<Int8Type>::new();
            values.iter().for_each(|value| builder.append_option(*value));
            Arc::new(builder.finish())
        }
    };
    (array, states)
}

fn flags(draw: &mut Draw<'_>, rows: usize) -> Stating {
    let values = draw.many(rows, &[None, Some(true), Some(false)]);
    let states = values.iter().map(|value| value.map(FactValue::YesNo)).collect();
    (Arc::new(BooleanArray::from(values)), states)
}

fn list(
    draw: &mut Draw<'_>,
    rows: usize,
) -> (ArrayRef, Vec<Option<&'static [Option<&'static str>]>>) {
    let values = draw.many(rows, &LISTS);
    macro_rules! built {
        ($builder:ident) => {{
            let mut builder = $builder::new(StringBuilder::new());
            values.iter().for_each(|value| builder.append_option(value.map(<[_]>::to_vec)));
            Arc::new(builder.finish())
        }};
    }
    let array: ArrayRef =
        if draw.below(2) == 0 { built!(ListBuilder) } else { built!(LargeListBuilder) };
    (array, values)
}

/// The columns of some rows, and the facts that each row states.
struct Table {
    facts: RowFacts,
    stated: Vec<Vec<(&'static str, FactValue<'static>)>>,
    uses_lists: bool,
    left_out: Option<&'static str>,
}

const EACH: [(&str, &str); 2] = [("marketing.ads", "c0"), ("service", "c1")];

fn table(draw: &mut Draw<'_>) -> Table {
    let rows = 9;
    let left_out = *draw.of(&[None, None, None, Some("age"), Some("region"), Some("verified")]);
    let mut facts = RowFacts::of(rows);
    let mut stated = vec![Vec::new(); rows];
    let columns = [
        ("age", ages(draw, rows)),
        ("region", regions(draw, rows)),
        ("verified", flags(draw, rows)),
    ];
    for (fact, (array, states)) in columns {
        facts = facts.with(fact.parse().unwrap(), array).unwrap();
        for (row, state) in stated.iter_mut().zip(states) {
            row.extend(state.filter(|_| left_out != Some(fact)).map(|state| (fact, state)));
        }
    }
    let mut purposes: Vec<(Vec<&str>, Vec<&str>)> = vec![Default::default(); rows];
    let uses_lists = draw.below(2) == 0;
    if uses_lists {
        let [(yes, yes_values), (no, no_values)] = [list(draw, rows), list(draw, rows)];
        facts = facts.with("yes".parse().unwrap(), yes).unwrap();
        facts = facts.with("no".parse().unwrap(), no).unwrap();
        for (of_row, (yes, no)) in purposes.iter_mut().zip(yes_values.iter().zip(&no_values)) {
            let names = |list: &Option<&[Option<&'static str>]>| -> Option<Vec<&'static str>> {
                list.unwrap_or_default()
                    .iter()
                    .copied()
                    .map(|name| name.filter(|name| *name != "nope"))
                    .collect()
            };
            if let (Some(yes), Some(no)) = (names(yes), names(no)) {
                *of_row = (yes, no);
            }
        }
    } else {
        for (purpose, column) in EACH {
            let (array, _) = flags(draw, rows);
            for (row, of_row) in purposes.iter_mut().enumerate() {
                let flags = array.as_boolean();
                if flags.is_valid(row) {
                    let list = if flags.value(row) { &mut of_row.0 } else { &mut of_row.1 };
                    list.push(purpose);
                }
            }
            facts = facts.with(column.parse().unwrap(), array).unwrap();
        }
    }
    for (row, (yes, no)) in stated.iter_mut().zip(purposes) {
        if !(yes.is_empty() && no.is_empty()) {
            row.push(("consent", FactValue::purposes(yes, no)));
        }
    }
    Table { facts, stated, uses_lists, left_out }
}

fn residual(policy: &Policy, table: &Table, question: &Question<'_>) -> Residual {
    let mut columns = Columns::of(policy);
    for fact in ["age", "region", "verified"] {
        if table.left_out != Some(fact) {
            columns = columns.fact(fact, fact).unwrap();
        }
    }
    if table.uses_lists {
        columns = columns.list("consent", true, "yes").unwrap();
        columns = columns.list("consent", false, "no").unwrap();
    } else {
        for (purpose, column) in EACH {
            columns = columns.purpose("consent", purpose, column).unwrap();
        }
    }
    columns.residual(&policy.ask(question, Facts::none())).unwrap()
}

fn salt() -> Salt {
    Salt::new([7; 16]).unwrap()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_condition_over_arrays_is_what_the_policy_says_of_each_row(
        numbers in prop::collection::vec(any::<u16>(), 300..400),
    ) {
        let mut draw = Draw(numbers.iter().cycle());
        let text = draw.policy();
        let policy: Policy = text.parse().unwrap();
        let table = table(&mut draw);
        let (field, purpose): (&str, &str) = (draw.of::<&str>(&CATEGORIES), draw.of::<&str>(&PURPOSES));
        let question = Question::usage(field, purpose);
        let residual = residual(&policy, &table, &question);
        let truth = residual.allowed().evaluate(&table.facts);
        let from = draw.below(9);
        let of_slice = residual.allowed().evaluate(&table.facts.slice(from, 9 - from));
        prop_assert!(of_slice.yes().iter().eq(truth.yes().iter().skip(from)), "{from} {text}");
        prop_assert!(of_slice.no().iter().eq(truth.no().iter().skip(from)), "{from} {text}");
        let values: ArrayRef = Arc::new(StringViewArray::from(vec!["secret-canary-1234"; 9]));
        let seen = show(&values, &Parts::Whole(0), &[Shown::of(&residual, &table.facts)], &salt()).unwrap();
        for (row, stated) in table.stated.iter().enumerate() {
            let mut facts = policy.facts_builder();
            for (fact, value) in stated {
                facts = facts.with(fact, value.clone()).unwrap();
            }
            let facts = facts.build();
            let decision = policy.ask(&question, &facts);
            let found = match (truth.yes().value(row), truth.no().value(row)) {
                (true, false) => Verdict::Allow,
                (false, true) => Verdict::Deny,
                _ => Verdict::Depends,
            };
            prop_assert_eq!(found, decision.verdict(), "{:?} {:?} {}", question, stated, text);
            let shown = (found == Verdict::Allow).then(|| match decision.mask() {
                None => values.clone(),
                Some(mask) => mask_array(mask, &values, &salt()).unwrap(),
            });
            let shown = shown.as_ref().map(|values| values.as_string_view().value(row));
            let found = seen.is_valid(row).then(|| seen.as_string_view().value(row));
            prop_assert_eq!(found, shown);
        }
    }
}

// ── By example ──────────────────────────────────────────────────────────────────────────────────

fn masked(mask: Mask, values: impl Array + 'static) -> ArrayRef {
    mask_array(mask, &(Arc::new(values) as ArrayRef), &salt()).unwrap()
}

#[test]
fn decimals_beyond_what_floats_hold_state_nothing() {
    let text = "policy p category c purpose q fact age: number use c for q when age >= 18";
    let policy: Policy = text.parse().unwrap();
    let columns = Columns::of(&policy).fact("age", "age").unwrap();
    let residual =
        columns.residual(&policy.ask(&Question::usage("c", "q"), Facts::none())).unwrap();
    let allowed = |value: i128, scale: i8| {
        let ages = Decimal128Array::from(vec![value]).with_precision_and_scale(38, scale).unwrap();
        let facts = RowFacts::of(1).with("age".parse().unwrap(), Arc::new(ages)).unwrap();
        residual.allowed().evaluate(&facts).yes().value(0)
    };
    let exact = i128::from(EXACT);
    assert!(allowed(18, 0) && allowed(1800, 2) && allowed(exact, 0) && allowed(2, -1));
    assert!(!allowed(exact + 1, 0) && !allowed(exact * 10 + 1, 1) && !allowed(exact, -1));
    assert!(!allowed(1799, 2) && !allowed(-exact - 1, 0) && !allowed(5, 30));
}

#[test]
fn hashes_are_those_of_the_bytes_and_of_numbers_in_little_endian() {
    let hello = masked(Mask::Sha256Global, StringArray::from(vec![Some("hello"), None]));
    let digits = "2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824";
    assert_eq!(hello.as_string::<i32>().value(0), digits);
    assert!(hello.is_null(1));
    // By Python: int.from_bytes(hashlib.sha256((34).to_bytes(4, "little")).digest()[:4], "little", signed=True)
    let numbers = masked(Mask::Sha256Global, Int32Array::from(vec![34]));
    assert_eq!(numbers.as_primitive::<Int32Type>().value(0), -30_108_901);
    let numbers = masked(Mask::Sha256Global, Int64Array::from(vec![-1]));
    assert_eq!(numbers.as_primitive::<Int64Type>().value(0), 6_759_447_113_877_070_610);
    let local = masked(Mask::Sha256QueryLocal, StringArray::from(vec!["hello"]));
    assert_ne!(local.as_string::<i32>().value(0), digits);
}

#[test]
fn fixed_values_stand_for_nulls_too() {
    let fixed = |values: ArrayRef| mask_array(Mask::MaskToFixedValue, &values, &salt()).unwrap();
    let text = fixed(Arc::new(StringArray::from(vec![Some("a"), None])));
    assert!(text.as_string::<i32>().iter().all(|text| text == Some("XXXXXXXX")));
    let number = fixed(Arc::new(Int64Array::from(vec![Some(3), None])));
    assert_eq!(number.as_primitive::<Int64Type>().values(), &[0, 0]);
    let field = Arc::new(Field::new("age", DataType::Int64, true));
    let ages: ArrayRef = Arc::new(Int64Array::from(vec![7]));
    let person = fixed(Arc::new(StructArray::from(vec![(field, ages)])));
    let ages = person.as_struct().column(0);
    assert_eq!(ages.as_primitive::<Int64Type>().value(0), 0);
    let mut lists = ListBuilder::new(StringBuilder::new());
    lists.append_option(Some(vec![Some("a")]));
    lists.append_option(None::<Vec<Option<&str>>>);
    let list = fixed(Arc::new(lists.finish()));
    assert!(list.as_list::<i32>().iter().all(|list| list.is_some_and(|list| list.is_empty())));
}

#[test]
fn a_mask_that_is_not_for_a_type_is_refused() {
    let dates: ArrayRef = Arc::new(Date32Array::from(vec![19_919]));
    let year = mask_array(Mask::TruncateToYear, &dates, &salt()).unwrap();
    assert_eq!(year.as_primitive::<Date32Type>().value(0), 19_723); // 2024-07-15, 2024-01-01
    let error = mask_array(Mask::ShowLast4, &dates, &salt()).unwrap_err();
    assert_eq!(
        error.to_string(),
        "the mask `show-last-4` is for texts, not for a column of Date32"
    );
    let numbers: ArrayRef = Arc::new(UInt64Array::from(vec![1]));
    assert!(mask_array(Mask::Sha256Global, &numbers, &salt()).is_err());
}

/// All bytes in the buffers of an array, and in those of what is in it.
fn bytes(values: &ArrayRef) -> Vec<u8> {
    fn add(data: &ArrayData, all: &mut Vec<u8>) {
        data.buffers().iter().for_each(|buffer| all.extend_from_slice(buffer));
        data.child_data().iter().for_each(|data| add(data, all));
    }
    let mut all = Vec::new();
    add(&values.to_data(), &mut all);
    all
}

/// Shown where `flag` is yes.
fn where_flag(flags: &[Option<bool>]) -> Shown {
    let text = "policy p category c purpose q fact flag use c for q when flag";
    let policy: Policy = text.parse().unwrap();
    let columns = Columns::of(&policy).fact("flag", "flag").unwrap();
    let residual =
        columns.residual(&policy.ask(&Question::usage("c", "q"), Facts::none())).unwrap();
    let flags = Arc::new(BooleanArray::from(flags.to_vec()));
    Shown::of(&residual, &RowFacts::of(flags.len()).with("flag".parse().unwrap(), flags).unwrap())
}

#[test]
fn nothing_of_a_hidden_value_is_left_in_a_buffer() {
    const OPEN: &str = "an open value, long";
    const CANARY: &str = "canary, which is long";
    let texts = [Some(OPEN), Some(CANARY), Some(CANARY)];
    let mut dictionary = StringDictionaryBuilder::<Int8Type>::new();
    texts.iter().for_each(|text| dictionary.append_option(*text));
    let mut lists = ListBuilder::new(StringDictionaryBuilder::<Int8Type>::new());
    texts.iter().for_each(|text| lists.append_option(Some([*text])));
    let text: ArrayRef = Arc::new(StringArray::from(texts.to_vec()));
    let field = Arc::new(Field::new("name", DataType::Utf8, true));
    let arrays: Vec<ArrayRef> = vec![
        Arc::clone(&text),
        Arc::new(StringViewArray::from(texts.to_vec())),
        Arc::new(dictionary.finish()),
        Arc::new(lists.finish()),
        Arc::new(StructArray::from(vec![(field, text)])),
    ];
    let shown = where_flag(&[Some(true), Some(false), None]);
    let has = |values: &ArrayRef, text: &str| {
        bytes(values).windows(text.len()).any(|window| window == text.as_bytes())
    };
    for values in arrays {
        assert!(has(&values, CANARY));
        let seen = show(&values, &Parts::Whole(0), std::slice::from_ref(&shown), &salt()).unwrap();
        assert_eq!((seen.is_null(0), seen.is_null(1), seen.is_null(2)), (false, true, true));
        assert!(has(&seen, OPEN) && !has(&seen, CANARY), "{}", values.data_type());
        // A slice shares the buffers of all rows.
        let first = [where_flag(&[Some(true)])];
        let seen = show(&values.slice(0, 1), &Parts::Whole(0), &first, &salt()).unwrap();
        assert!(has(&seen, OPEN) && !has(&seen, CANARY), "a slice of {}", values.data_type());
    }
}

#[test]
fn nothing_of_a_hidden_short_value_or_of_one_below_a_null_is_left_in_a_buffer() {
    const OPEN: &[u8; 8] = b"open1234";
    const CANARY: &[u8; 8] = b"canary12";
    let number = |bytes: &[u8; 8]| i64::from_le_bytes(*bytes);
    let numbers = vec![number(OPEN), number(CANARY), number(CANARY), number(CANARY)];
    let below = NullBuffer::from(vec![true, true, true, false]);
    let texts = [OPEN, CANARY, CANARY, CANARY].map(|text| str::from_utf8(text).unwrap());
    let views = StringViewArray::from(texts.to_vec());
    let text = StringArray::from(texts.to_vec());
    let (offsets, values, _) = text.into_parts();
    let arrays: Vec<ArrayRef> = vec![
        Arc::new(Int64Array::new(numbers.into(), Some(below.clone()))),
        Arc::new(StringViewArray::new(views.views().clone(), vec![], Some(below.clone()))),
        Arc::new(StringArray::new(offsets, values, Some(below))),
    ];
    let shown = where_flag(&[Some(true), Some(false), None, Some(true)]);
    let has =
        |values: &ArrayRef, text: &[u8]| bytes(values).windows(8).any(|window| window == text);
    for values in arrays {
        assert!(has(&values, CANARY));
        let seen = show(&values, &Parts::Whole(0), std::slice::from_ref(&shown), &salt()).unwrap();
        assert_eq!((seen.is_null(0), seen.null_count()), (false, 3));
        assert!(has(&seen, OPEN) && !has(&seen, CANARY), "{}", values.data_type());
    }
}

#[test]
fn parts_that_are_not_named_are_left_out_of_structs_and_of_lists_of_them() {
    let names: ArrayRef = Arc::new(StringArray::from(vec!["a", "b", "c"]));
    let ages: ArrayRef = Arc::new(Int64Array::from(vec![1, 2, 3]));
    let people = StructArray::from(vec![
        (Arc::new(Field::new("name", DataType::Utf8, true)), names),
        (Arc::new(Field::new("age", DataType::Int64, true)), ages),
    ]);
    let item = Arc::new(Field::new("item", people.data_type().clone(), true));
    let offsets = OffsetBuffer::new(vec![0, 2, 3].into());
    let lists = ListArray::new(item, offsets, Arc::new(people), None);
    let lists: ArrayRef = Arc::new(lists);
    let parts = Parts::Fields(BTreeMap::from([("name".to_owned(), Parts::Whole(0))]));
    let shown = [where_flag(&[Some(true), Some(false)])];
    let seen = show(&lists, &parts, &shown, &salt()).unwrap();
    let items = seen.as_list::<i32>().values();
    let items = items.as_struct();
    assert_eq!(items.column_names(), ["name"]);
    let names: Vec<_> = items.column(0).as_string::<i32>().iter().collect();
    assert_eq!(names, [Some("a"), Some("b"), None]); // the second row is hidden, and has one item
}
