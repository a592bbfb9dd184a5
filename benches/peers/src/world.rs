//! What every engine is told, and the slow answer that each of them is held to.
//!
//! A [`World`] is a policy with everything taken out that peers spell differently: no groups, no
//! exceptions, no conditions. A rule permits collecting each of its categories by each of its methods for
//! each of its purposes, and a question is allowed if some rule covers it. What is left is the one thing
//! all peers can say, so that each can be written in its own fastest way and still give the same answers.

mod drun;
mod generated;
mod why;

use crate::random::Random;

/// Names in the order of their numbers, and rules over those numbers.
#[derive(Debug, Clone)]
pub struct World {
    /// Leaf categories, such as `contact.email`.
    pub categories: Vec<String>,
    /// Leaf methods, such as `provided`.
    pub methods: Vec<String>,
    /// Leaf purposes, such as `service.login`.
    pub purposes: Vec<String>,
    /// What is permitted; everything else is not.
    pub rules: Vec<Rule>,
}

/// Permits collecting each category by each method for each purpose.
#[derive(Debug, Clone)]
pub struct Rule {
    /// Places in [`World::categories`].
    pub categories: Vec<u32>,
    /// Places in [`World::methods`].
    pub methods: Vec<u32>,
    /// Places in [`World::purposes`].
    pub purposes: Vec<u32>,
}

/// May this category be collected by this method for this purpose?
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Question {
    /// A place in [`World::categories`].
    pub category: u32,
    /// A place in [`World::methods`].
    pub method: u32,
    /// A place in [`World::purposes`].
    pub purpose: u32,
}

/// A question as it reaches a service: three strings.
#[derive(Debug, Clone)]
pub struct Asked {
    /// The name of the category.
    pub category: String,
    /// The name of the method.
    pub method: String,
    /// The name of the purpose.
    pub purpose: String,
}

impl Rule {
    fn covers(&self, question: Question) -> bool {
        self.categories.contains(&question.category)
            && self.purposes.contains(&question.purpose)
            && self.methods.contains(&question.method)
    }

    /// Every question that this rule covers.
    pub fn triples(&self) -> impl Iterator<Item = Question> + '_ {
        self.categories.iter().flat_map(move |&category| {
            self.methods.iter().flat_map(move |&method| {
                self.purposes.iter().map(move |&purpose| Question { category, method, purpose })
            })
        })
    }
}

impl World {
    /// The reference: reads the rules one by one until one covers the question.
    #[must_use]
    pub fn permits(&self, question: Question) -> bool {
        self.rules.iter().any(|rule| rule.covers(question))
    }

    /// The question's names.
    #[must_use]
    pub fn asked(&self, question: Question) -> Asked {
        Asked {
            category: self.category(question.category).to_owned(),
            method: self.method(question.method).to_owned(),
            purpose: self.purpose(question.purpose).to_owned(),
        }
    }

    /// The name of a category.
    #[must_use]
    pub fn category(&self, category: u32) -> &str {
        &self.categories[category as usize]
    }

    /// The name of a method.
    #[must_use]
    pub fn method(&self, method: u32) -> &str {
        &self.methods[method as usize]
    }

    /// The name of a purpose.
    #[must_use]
    pub fn purpose(&self, purpose: u32) -> &str {
        &self.purposes[purpose as usize]
    }

    /// Every permitted triple once, in order: what the flattening engines are loaded with.
    #[must_use]
    pub fn permitted(&self) -> Vec<Question> {
        let mut triples: Vec<_> = self.rules.iter().flat_map(Rule::triples).collect();
        triples.sort_unstable();
        triples.dedup();
        triples
    }

    /// `pairs` times one allowed and one other question, in an order that a branch predictor can't count out.
    ///
    /// Any even number of them from the front is half allowed, so a slow engine may be asked fewer.
    #[must_use]
    pub fn questions(&self, pairs: usize) -> Vec<Question> {
        let mut random = Random::new(0x5EED);
        let mut questions = Vec::with_capacity(2 * pairs);
        for _ in 0..pairs {
            let (allowed, other) = (self.allowed(&mut random), self.denied(&mut random));
            questions.extend(if random.below(2) == 0 {
                [allowed, other]
            } else {
                [other, allowed]
            });
        }
        questions
    }

    fn allowed(&self, random: &mut Random) -> Question {
        let rule = random.pick(&self.rules);
        Question {
            category: *random.pick(&rule.categories),
            method: *random.pick(&rule.methods),
            purpose: *random.pick(&rule.purposes),
        }
    }

    /// A question that no rule covers; the vocabularies leave most of them uncovered, so a few tries do.
    fn denied(&self, random: &mut Random) -> Question {
        loop {
            let question = Question {
                category: below(random, &self.categories),
                method: below(random, &self.methods),
                purpose: below(random, &self.purposes),
            };
            if !self.permits(question) {
                return question;
            }
        }
    }
}

/// The place of some name.
fn below(random: &mut Random, names: &[String]) -> u32 {
    u32::try_from(random.below(names.len()))
        .expect("vocabularies have thousands of names, not billions")
}
