//! What whyfor's own work costs, each beside the least that any code for it could cost, in one run.
//!
//! `cargo bench --manifest-path benches/speed/Cargo.toml`

use criterion::{BatchSize, Criterion, Throughput, criterion_group, criterion_main};
use foldhash::fast::FixedState;
use hashbrown::HashMap;
use speed::{Generated, Random, Size, generate, taxonomies};
use std::hint::black_box;
use std::time::Duration;
use whyfor::{Act, CategoryId, Column, Facts, MethodId, Model, Policy, PurposeId};

const QUESTIONS: usize = 1024;

fn drun() -> Policy {
    Policy::from_path(concat!(env!("CARGO_MANIFEST_DIR"), "/../../policies/drun.why"))
        .expect("it compiles")
}

/// The rival: a table of names and a bitset, written by hand for one policy.
struct ByHand {
    categories: HashMap<String, u32, FixedState>,
    methods: HashMap<String, u32, FixedState>,
    purposes: HashMap<String, u32, FixedState>,
    method_count: usize,
    purpose_count: usize,
    use_bits: Vec<u64>,
    collect_bits: Vec<u64>,
}

impl ByHand {
    fn new(policy: &Policy) -> Self {
        let table = |names: Vec<&str>| {
            let mut table = HashMap::with_hasher(FixedState::default());
            for (i, name) in names.iter().enumerate() {
                table.insert((*name).to_owned(), i as u32);
                table.insert(tail(name), i as u32);
            }
            table
        };
        let categories: Vec<_> = policy.categories().collect();
        let methods: Vec<_> = policy.methods().collect();
        let purposes: Vec<_> = policy.purposes().collect();
        let mut by_hand = Self {
            categories: table(categories.iter().map(|(_, n)| n.path).collect()),
            methods: table(methods.iter().map(|(_, n)| n.path).collect()),
            purposes: table(purposes.iter().map(|(_, n)| n.path).collect()),
            method_count: methods.len(),
            purpose_count: purposes.len(),
            use_bits: vec![0; (categories.len() * purposes.len()).div_ceil(64)],
            collect_bits: vec![0; (categories.len() * methods.len() * purposes.len()).div_ceil(64)],
        };
        let none = Facts::none();
        for (c, (category, _)) in categories.iter().enumerate() {
            for (p, (purpose, _)) in purposes.iter().enumerate() {
                let at = c * purposes.len() + p;
                let allowed = policy.decide(Act::Use, *category, *purpose, none).is_allowed();
                by_hand.use_bits[at / 64] |= u64::from(allowed) << (at % 64);
                for (m, (method, _)) in methods.iter().enumerate() {
                    let at = (c * methods.len() + m) * purposes.len() + p;
                    let act = Act::Collect(*method);
                    let allowed = policy.decide(act, *category, *purpose, none).is_allowed();
                    by_hand.collect_bits[at / 64] |= u64::from(allowed) << (at % 64);
                }
            }
        }
        by_hand
    }

    #[inline]
    fn use_by_id(&self, category: u32, purpose: u32) -> bool {
        let at = category as usize * self.purpose_count + purpose as usize;
        self.use_bits.get(at / 64).is_some_and(|word| word >> (at % 64) & 1 == 1)
    }

    #[inline]
    fn may_use(&self, category: &str, purpose: &str) -> bool {
        let (Some(c), Some(p)) = (self.categories.get(category), self.purposes.get(purpose)) else {
            return false;
        };
        self.use_by_id(*c, *p)
    }

    #[inline]
    fn may_collect(&self, category: &str, method: &str, purpose: &str) -> bool {
        let (Some(c), Some(m), Some(p)) =
            (self.categories.get(category), self.methods.get(method), self.purposes.get(purpose))
        else {
            return false;
        };
        let at = (*c as usize * self.method_count + *m as usize) * self.purpose_count + *p as usize;
        self.collect_bits.get(at / 64).is_some_and(|word| word >> (at % 64) & 1 == 1)
    }
}

/// The same random questions as ids, as numbers and as names.
struct Questions {
    ids: Vec<(CategoryId, MethodId, PurposeId)>,
    numbers: Vec<(u32, u32, u32)>,
    names: Vec<(String, String, String)>,
}

/// A name as a program writes it: the last part of a path.
fn tail(path: &str) -> String {
    path.rsplit('.').next().unwrap_or(path).to_owned()
}

fn questions(policy: &Policy) -> Questions {
    let categories: Vec<_> = policy.categories().collect();
    let methods: Vec<_> = policy.methods().collect();
    let purposes: Vec<_> = policy.purposes().collect();
    let mut random = Random(42);
    let mut all = Questions { ids: vec![], numbers: vec![], names: vec![] };
    for _ in 0..QUESTIONS {
        let (c, m, p) = (
            random.below(categories.len()),
            random.below(methods.len()),
            random.below(purposes.len()),
        );
        all.ids.push((categories[c].0, methods[m].0, purposes[p].0));
        all.numbers.push((c as u32, m as u32, p as u32));
        all.names.push((
            tail(categories[c].1.path),
            tail(methods[m].1.path),
            tail(purposes[p].1.path),
        ));
    }
    all
}

fn group<'c>(
    c: &'c mut Criterion,
    name: &str,
) -> criterion::BenchmarkGroup<'c, criterion::measurement::WallTime> {
    let mut group = c.benchmark_group(name);
    group.throughput(Throughput::Elements(QUESTIONS as u64));
    group.warm_up_time(Duration::from_millis(500)).measurement_time(Duration::from_secs(2));
    group
}

fn by_ids(c: &mut Criterion) {
    let policy = drun();
    let (by_hand, q) = (ByHand::new(&policy), questions(&policy));
    let none = Facts::none();
    for ((category, _, purpose), (c, _, p)) in q.ids.iter().zip(&q.numbers) {
        let allowed = policy.decide(Act::Use, *category, *purpose, none).is_allowed();
        assert_eq!(allowed, by_hand.use_by_id(*c, *p));
    }
    let mut group = group(c, "ids");
    let numbers: Vec<(u32, u32)> = q.numbers.iter().map(|(c, _, p)| (*c, *p)).collect();
    let pairs: Vec<(CategoryId, PurposeId)> = q.ids.iter().map(|(c, _, p)| (*c, *p)).collect();
    group.bench_function("bare bitset", |b| {
        b.iter(|| numbers.iter().filter(|(c, p)| by_hand.use_by_id(*c, *p)).count());
    });
    group.bench_function("use", |b| {
        b.iter(|| {
            let allowed = |(c, p): &&(CategoryId, PurposeId)| {
                policy.decide(Act::Use, *c, *p, none).is_allowed()
            };
            pairs.iter().filter(allowed).count()
        });
    });
    group.bench_function("collect", |b| {
        b.iter(|| {
            let allowed = |(c, m, p): &&(CategoryId, MethodId, PurposeId)| {
                policy.decide(Act::Collect(*m), *c, *p, none).is_allowed()
            };
            q.ids.iter().filter(allowed).count()
        });
    });
    let conditional = Policy::from_str(
        "policy p fact a fact b fact consent per purpose fact age: number
         category c { c1 c2 c3 c4 c5 c6 c7 c8 }  purpose p { p1 p2 p3 p4 p5 p6 p7 p8 }
         use c for p when a and not b and consent and age >= 18",
    )
    .expect("it compiles");
    let facts = (|| {
        let builder = conditional.facts_builder().with("a", true)?.with("b", false)?.with("age", 20)?;
        Ok::<_, whyfor::FactError>(builder.with("consent", true)?.build())
    })()
    .expect("the facts exist");
    let unconditional =
        Policy::from_str(
            "policy p category c { c1 c2 c3 c4 c5 c6 c7 c8 }  purpose p { p1 p2 p3 p4 p5 p6 p7 p8 } use c for p",
        )
        .expect("it compiles");
    for (name, policy, facts) in
        [("unconditional", &unconditional, none), ("under four facts", &conditional, &facts)]
    {
        let q = questions_of_use(policy);
        assert!(q.iter().all(|(c, p)| policy.decide(Act::Use, *c, *p, facts).is_allowed()));
        group.bench_function(name, |b| {
            b.iter(|| {
                let allowed = |(c, p): &&(CategoryId, PurposeId)| {
                    policy.decide(Act::Use, *c, *p, facts).is_allowed()
                };
                q.iter().filter(allowed).count()
            });
        });
    }
}

fn questions_of_use(policy: &Policy) -> Vec<(CategoryId, PurposeId)> {
    let categories: Vec<_> = policy.categories().map(|(id, _)| id).collect();
    let purposes: Vec<_> = policy.purposes().map(|(id, _)| id).collect();
    let mut random = Random(42);
    (0..QUESTIONS)
        .map(|_| {
            (categories[random.below(categories.len())], purposes[random.below(purposes.len())])
        })
        .collect()
}

/// Facts as a service states them for each request.
fn facts(c: &mut Criterion) {
    let text = "policy p fact a fact b fact consent per purpose fact objected per purpose fact age: number
         fact region: one of eu, us, other  category c  purpose p { p1 p2 p3 p4 p5 p6 p7 p8 }  purpose q { q1 q2 }
         use c for p when a and not b and consent and age >= 18 and region is eu unless objected";
    let policy = Policy::from_str(text).expect("it compiles");
    let more: String = (0..10_000).map(|number| format!(" r{number}")).collect();
    let large = Policy::from_str(&format!("{text} purpose r {{{more} }}")).expect("it compiles");
    let mut group = c.benchmark_group("facts");
    group.warm_up_time(Duration::from_millis(500)).measurement_time(Duration::from_secs(2));
    for (name, policy) in [("three plain facts", &policy), ("three plain facts, 10,000 purposes", &large)] {
        group.bench_function(name, |b| {
            b.iter(|| {
                let mut builder = policy.facts_builder();
                builder.set("a", black_box(true)).expect("a fact");
                builder.set("age", black_box(20)).expect("a fact");
                builder.set("region", black_box("eu")).expect("a fact");
                builder.build()
            });
        });
    }
    group.bench_function("two lists of consents", |b| {
        b.iter(|| {
            let mut builder = policy.facts_builder();
            builder.set_purposes("consent", black_box(&["p1", "p2"]), &["q"]).expect("a fact");
            builder.build()
        });
    });
    group.finish();
}

fn by_names(c: &mut Criterion) {
    let policy = drun();
    let (by_hand, q) = (ByHand::new(&policy), questions(&policy));
    for (c, m, p) in &q.names {
        assert_eq!(policy.may_use(c, p), by_hand.may_use(c, p));
        assert_eq!(policy.may_collect(c, m, p), by_hand.may_collect(c, m, p));
    }
    let mut group = group(c, "names");
    group.bench_function("use: by hand", |b| {
        b.iter(|| q.names.iter().filter(|(c, _, p)| by_hand.may_use(c, p)).count());
    });
    group.bench_function("use", |b| {
        b.iter(|| q.names.iter().filter(|(c, _, p)| policy.may_use(c, p)).count());
    });
    group.bench_function("collect: by hand", |b| {
        b.iter(|| q.names.iter().filter(|(c, m, p)| by_hand.may_collect(c, m, p)).count());
    });
    group.bench_function("collect", |b| {
        b.iter(|| q.names.iter().filter(|(c, m, p)| policy.may_collect(c, m, p)).count());
    });

    let mut text =
        String::from("policy p category c { c0 c1 c2 c3 } purpose login use c for login\n");
    for i in 0..10_000 {
        text.push_str(&format!("field \"*_email{i}\" is c{}\n", i % 4));
    }
    let patterns = Policy::from_str(&text).expect("it compiles");
    let mut random = Random(1);
    let fields: Vec<String> =
        (0..QUESTIONS).map(|_| format!("customer_email{}", random.below(10_000))).collect();
    assert!(fields.iter().all(|field| patterns.may_use(field, "login")));
    group.bench_function("a field that one of 10,000 patterns maps", |b| {
        b.iter(|| fields.iter().filter(|field| patterns.may_use(field, "login")).count());
    });
}

fn columns(c: &mut Criterion) {
    const ROWS: usize = 1 << 20;
    let mut group = c.benchmark_group("columns");
    group.throughput(Throughput::Elements(ROWS as u64));
    group.warm_up_time(Duration::from_millis(500)).measurement_time(Duration::from_secs(2));
    let mut random = Random(3);
    let allowed: Vec<bool> = (0..60_000).map(|_| random.below(2) == 0).collect();
    let (few, many) = (Column::new(allowed[..200].to_vec()), Column::new(allowed.clone()));
    let codes8: Vec<u8> = (0..ROWS).map(|_| random.below(200) as u8).collect();
    let codes16: Vec<u16> = codes8.iter().map(|c| u16::from(*c)).collect();
    let codes32: Vec<u32> = codes8.iter().map(|c| u32::from(*c)).collect();
    let wide16: Vec<u16> = (0..ROWS).map(|_| random.below(2_000) as u16).collect();
    let mut out = vec![0u64; ROWS / 64];
    let table: Vec<u8> = {
        let mut table: Vec<u8> = allowed.iter().map(|a| u8::from(*a)).collect();
        table.resize(1 << 16, 0);
        table
    };
    let table: &[u8; 1 << 16] = table.as_slice().try_into().expect("it was padded");

    // The best plain loop that we know: no bounds checks, a bit at a time into a register.
    group.bench_function("plain gather of u16", |b| {
        b.iter(|| {
            let (chunks, _) = black_box(&wide16).as_chunks::<64>();
            for (chunk, word) in chunks.iter().zip(&mut out) {
                let mut bits = 0u64;
                for (i, code) in chunk.iter().enumerate() {
                    bits |= u64::from(table[*code as usize]) << i;
                }
                *word = bits;
            }
        });
    });
    group.bench_function("u16, 60,000 values", |b| {
        b.iter(|| many.select(black_box(&wide16), &mut out))
    });
    group.bench_function("u8, 200 values", |b| b.iter(|| few.select(black_box(&codes8), &mut out)));
    group.bench_function("u16, 200 values", |b| {
        b.iter(|| few.select(black_box(&codes16), &mut out))
    });
    group.bench_function("u32, 200 values", |b| {
        b.iter(|| few.select(black_box(&codes32), &mut out))
    });
}

const SIZES: [usize; 4] = [100, 1_000, 10_000, 100_000];

fn growth(c: &mut Criterion) {
    for (name, categories, purposes) in
        [("2,000 × 200", 2_000, 200), ("20,000 × 2,000", 20_000, 2_000)]
    {
        let mut group = group(c, &format!("growth, {name} nodes"));
        for statements in SIZES {
            let generated = generate(Size { statements, categories, purposes });
            let policy = Policy::from_str(&generated.text).expect("it compiles");
            let q = questions(&policy);
            group.bench_function(format!("ids/{statements}"), |b| {
                b.iter(|| {
                    let allowed = |(c, m, p): &&(CategoryId, MethodId, PurposeId)| {
                        policy.decide(Act::Collect(*m), *c, *p, Facts::none()).is_allowed()
                    };
                    q.ids.iter().filter(allowed).count()
                });
            });
            group.bench_function(format!("names/{statements}"), |b| {
                b.iter(|| q.names.iter().filter(|(c, m, p)| policy.may_collect(c, m, p)).count());
            });
        }
    }
}

fn compile(c: &mut Criterion) {
    let mut group = c.benchmark_group("compile, 20,000 × 2,000 nodes");
    group.sample_size(10).warm_up_time(Duration::from_millis(100));
    for statements in [1_000, 100_000] {
        let Generated { text, .. } =
            generate(Size { statements, categories: 20_000, purposes: 2_000 });
        let files = whyfor::Memory::new().with("p.why", text);
        group.bench_function(format!("{statements}"), |b| {
            b.iter(|| {
                Policy::compile(&Model::from_loader(&files, "p.why").expect("sound")).expect("it fits")
            });
        });
        let policy =
            Policy::compile(&Model::from_loader(&files, "p.why").expect("sound")).expect("it fits");
        println!("{statements} statements: artifact of {} bytes", policy.as_bytes().len());
    }
    let small = generate(Size { statements: 1_000, categories: 400, purposes: 100 });
    let files = whyfor::Memory::new().with("p.why", small.text);
    group.bench_function("1000, of 400 × 100 nodes", |b| {
        b.iter(|| Policy::compile(&Model::from_loader(&files, "p.why").expect("sound")).expect("it fits"));
    });
    let files = whyfor::Memory::new().with("p.why", taxonomies(100_000));
    group.bench_function("100000, of 339 × 499 × 692 nodes", |b| {
        b.iter(|| Policy::compile(&Model::from_loader(&files, "p.why").expect("sound")).expect("it fits"));
    });
}

fn load(c: &mut Criterion) {
    let generated = generate(Size { statements: 100_000, categories: 20_000, purposes: 2_000 });
    let policy = Policy::from_str(&generated.text).expect("it compiles");
    let path = std::env::temp_dir().join(format!("whyfor-speed-{}.whyc", std::process::id()));
    std::fs::write(&path, policy.as_bytes()).expect("there is room");
    let (c0, p0) = (&generated.categories[1], &generated.purposes[1]);
    let mut group = c.benchmark_group("load 100,000 statements");
    group.throughput(Throughput::Bytes(policy.as_bytes().len() as u64));
    group.bench_function("map, and decide", |b| {
        b.iter_batched(
            || (),
            |()| {
                // SAFETY: nobody else knows the file.
                let policy = unsafe { Policy::map(&path) }.expect("it is whole");
                black_box(policy.may_use(c0, p0));
                policy
            },
            BatchSize::PerIteration,
        );
    });
    group.bench_function("read, and decide", |b| {
        b.iter_batched(
            || (),
            |()| {
                let policy = Policy::open(&path).expect("it is whole");
                black_box(policy.may_use(c0, p0));
                policy
            },
            BatchSize::PerIteration,
        );
    });
    group.finish();
    std::fs::remove_file(&path).expect("it is there");
}

fn threads(c: &mut Criterion) {
    let policy = drun();
    let q = questions(&policy);
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    let mut group = c.benchmark_group("threads");
    group.warm_up_time(Duration::from_millis(500)).measurement_time(Duration::from_secs(2));
    const ROUNDS: usize = 2_000;
    for threads in [1, cores] {
        group.throughput(Throughput::Elements((threads * ROUNDS * QUESTIONS) as u64));
        group.bench_function(format!("{threads}"), |b| {
            b.iter(|| {
                std::thread::scope(|scope| {
                    for _ in 0..threads {
                        scope.spawn(|| {
                            for _ in 0..ROUNDS {
                                let allowed = |(c, _, p): &&(CategoryId, MethodId, PurposeId)| {
                                    policy.decide(Act::Use, *c, *p, Facts::none()).is_allowed()
                                };
                                black_box(q.ids.iter().filter(allowed).count());
                            }
                        });
                    }
                });
            });
        });
    }
}

/// What authors wait for: 10,000 statements, of which another version lacks every five hundredth; and the
/// layout of 100,000 lines, of statements alone and of policies as people write them.
fn authors(c: &mut Criterion) {
    let mut group = c.benchmark_group("authors");
    group.sample_size(10).warm_up_time(Duration::from_millis(100));
    let lines = generate(Size { statements: 100_000, categories: 2_000, purposes: 200 }).text;
    group.bench_function("format statements", |b| {
        b.iter(|| whyfor::format::format("p.why", &lines).expect("it is whole"));
    });
    let written = include_str!("../../../policies/drun.why");
    let written = written.repeat(100_000 / written.lines().count() + 1);
    group.bench_function("format policies", |b| {
        b.iter(|| whyfor::format::format("p.why", &written).expect("it is whole"));
    });

    let text = generate(Size { statements: 10_000, categories: 2_000, purposes: 200 }).text;
    let fewer: Vec<&str> =
        text.lines().enumerate().filter(|(at, _)| at % 500 != 499).map(|(_, line)| line).collect();
    let load = |text: &str| {
        Model::from_loader(&whyfor::Memory::new().with("p.why", text), "p.why").expect("sound")
    };
    let (old, new) = (load(&text), load(&fewer.join("\n")));
    let policy = Policy::compile(&old).expect("it fits");
    group.bench_function("compile", |b| {
        b.iter(|| Policy::compile(&load(&text)).expect("it fits"));
    });
    group.bench_function("diff", |b| b.iter(|| whyfor::diff::diff(&old, &new).expect("it fits")));
    group.bench_function("lint", |b| {
        b.iter(|| whyfor::lint::lint(&old, &whyfor::lint::Options::default()).expect("it fits"));
    });
    let q = questions(&policy);
    let watched =
        whyfor::coverage::Watched { duties: true, retention: true, ..Default::default() };
    group.bench_function("coverage", |b| {
        b.iter(|| {
            let mut coverage = whyfor::coverage::Coverage::new(&policy, &old);
            for (number, (category, method, purpose)) in q.names.iter().enumerate() {
                let question = whyfor::Question::collect(category, method, purpose);
                coverage.question(number, &question, Facts::none(), watched);
            }
            coverage.witness(0).is_some()
        });
    });
}

criterion_group!(benches, by_ids, facts, by_names, columns, growth, compile, load, threads, authors);
criterion_main!(benches);
