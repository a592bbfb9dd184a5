//! Holds an engine to the reference.
//!
//! A benchmark of wrong answers is worth nothing, so each engine answers the whole paper first. An engine
//! that takes a tenth of a second an answer gets through fewer questions, and that is said.

use std::time::{Duration, Instant};

use crate::engines::Engine;
use crate::world::{Asked, World};

/// Half of the questions, which are allowed. A service's questions don't repeat after a thousand; with as
/// few, the processor learns the answers by heart, and tables far too large for its caches seem to fit.
const PAIRS: usize = 8_192;
const PATIENCE: Duration = Duration::from_secs(3); // for one engine's answers
const LEAST: usize = 32; // however slow the engine is

/// A world, questions about it, and their answers by the reference.
#[derive(Debug)]
pub struct Exam {
    world: World,
    paper: Vec<(Asked, bool)>,
}

/// An engine that answered as the reference does, and the questions to time it with.
#[derive(Debug)]
pub struct Examined<E: Engine> {
    /// Loaded with the world's rules.
    pub engine: E,
    /// The paper's questions, as the engine is asked them.
    pub questions: Vec<E::Question>,
}

impl Exam {
    /// Writes the paper of a world and answers it by the reference.
    #[must_use]
    pub fn new(world: World) -> Self {
        let questions = world.questions(PAIRS);
        let paper = questions
            .into_iter()
            .map(|question| (world.asked(question), world.permits(question)))
            .collect();
        Self { world, paper }
    }

    /// Loads an engine with the world's rules and compares its answers.
    ///
    /// # Panics
    ///
    /// At the first answer that differs, with the engine's name and the question.
    #[must_use]
    pub fn examine<E: Engine>(&self) -> Examined<E> {
        let start = Instant::now();
        let mut engine = E::prepare(&self.world);
        let prepared = start.elapsed();
        let answered = self.verify(&mut engine);
        eprintln!(
            "{}: {} rules prepared in {prepared:.1?}, {answered} of {} answers compared",
            E::NAME,
            self.world.rules.len(),
            self.paper.len(),
        );
        let questions = self.paper.iter().map(|(asked, _)| engine.question(asked)).collect();
        Examined { engine, questions }
    }

    /// Compares until the paper or the patience ends; gives the number of answers compared.
    fn verify<E: Engine>(&self, engine: &mut E) -> usize {
        let start = Instant::now();
        for (number, (asked, expected)) in self.paper.iter().enumerate() {
            if number >= LEAST && start.elapsed() > PATIENCE {
                return number;
            }
            let question = engine.question(asked);
            let answer = engine.ask(&question);
            assert!(
                answer == *expected,
                "{} says {answer} to {asked:?}, the reference {expected}",
                E::NAME,
            );
        }
        self.paper.len()
    }
}
