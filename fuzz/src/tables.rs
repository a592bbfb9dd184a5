//! Random policies, as the property tests make them: the tables in every layout, the artifact read back and
//! the reference interpreter give the same answers.

use super::common::{Choices, World, answer};
use whyfor::Policy;
use whyfor::reference::{self, Layout};

/// Questions for each policy.
const QUESTIONS: usize = 12;

/// Takes the first half of the bytes for a policy and the others for questions.
pub fn run(input: &[u8]) {
    let choices = |bytes: &[u8]| -> Vec<u16> {
        bytes.as_chunks().0.iter().map(|pair| u16::from_le_bytes(*pair)).collect()
    };
    let (world, questions) = input.split_at(input.len() / 2);
    let (world, questions) = (choices(world), choices(questions));
    let world = World::new(&mut Choices::new(&world));
    let model = world.model();
    let compile = |layout| {
        Policy::compile_as(&model, layout).unwrap_or_else(|diagnostics| panic!("{diagnostics}"))
    };
    let mut policies: Vec<Policy> = Layout::ALL.into_iter().map(compile).collect();
    let artifact = Policy::from_artifact(policies[0].as_bytes());
    policies.push(artifact.unwrap_or_else(|error| panic!("{error}")));
    let mut choices = Choices::new(&questions);
    for _ in 0..QUESTIONS {
        let (asked, facts) = (world.question(&mut choices), world.facts(&mut choices));
        let expected = reference::decide(&model, &asked.question(), &facts);
        for policy in &policies {
            let answered = answer(policy, &asked, &facts);
            assert_eq!(answered, expected, "{asked:?} {facts:?}\n{}", world.text());
        }
    }
}
