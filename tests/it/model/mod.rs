//! The states of a delivery, explored exhaustively: every order of what daemons, workers, the relay, the operator and
//! misfortune can do. Each transition of the database is the store's own.

mod database;
mod hash;
mod mutant;
mod rules;
mod worker;
mod world;

use hash::Map;

use database::{Database, Policy};
use mutant::Mutant;
use world::{Move, World};

/// What was found.
struct Exploration {
    worlds: Vec<World>,
    /// How each world was reached first, by the fewest steps.
    from: Vec<Option<(usize, Move)>>,
    /// Which world follows which.
    steps: Vec<(usize, usize)>,
    /// A broken rule, and the steps that lead there.
    violation: Option<(&'static str, Vec<(Move, World)>)>,
}

/// Goes through all that can happen, until a rule is broken.
async fn explore(database: &mut Database, program: (Policy, Option<Mutant>)) -> Exploration {
    let first = World::at_first(database.at_first());
    let mut known = Map::from_iter([(first, 0)]);
    let mut found = Exploration { worlds: vec![first], from: vec![None], steps: Vec::new(), violation: None };
    let mut index = 0;
    while let Some(&world) = found.worlds.get(index) {
        for happened in world.moves(program.1) {
            let after = world.after(happened, database, program).await;
            if let Some(rule) = rules::broken(&world, happened, &after, program.0) {
                let mut trace = found.trace(index);
                trace.push((happened, after));
                found.violation = Some((rule, trace));
                return found;
            }
            let number = *known.entry(after).or_insert_with(|| {
                found.worlds.push(after);
                found.from.push(Some((index, happened)));
                found.worlds.len() - 1
            });
            found.steps.push((index, number));
        }
        index += 1;
    }
    found
}

impl Exploration {
    fn trace(&self, mut index: usize) -> Vec<(Move, World)> {
        let mut trace = Vec::new();
        while let Some((before, happened)) = self.from[index] {
            trace.push((happened, self.worlds[index]));
            index = before;
        }
        trace.reverse();
        trace
    }

    /// The broken rule with the steps that lead there, one a line.
    fn told(&self) -> String {
        let Some((rule, trace)) = &self.violation else { return String::new() };
        let line = |(happened, world): &(Move, World)| {
            let rows = world.written;
            format!(
                "  {happened:?} → {:?}, attempt {}, {} doubts, accepted {} times\n",
                rows.state, rows.attempt, rows.doubts, world.relay.accepted
            )
        };
        format!("{rule}:\n{}", trace.iter().map(line).collect::<String>())
    }

    /// A world from which no way leads to the end of everything.
    fn stuck(&self) -> Option<usize> {
        let mut before = vec![Vec::new(); self.worlds.len()];
        for (from, to) in &self.steps {
            before[*to].push(*from);
        }
        let mut open: Vec<usize> =
            (0..self.worlds.len()).filter(|index| rules::is_at_rest(&self.worlds[*index])).collect();
        let mut ends = vec![false; self.worlds.len()];
        while let Some(index) = open.pop() {
            if !std::mem::replace(&mut ends[index], true) {
                open.extend(&before[index]);
            }
        }
        ends.iter().position(|ends| !ends)
    }
}

/// Explores all that can happen to the program as it is.
async fn keeps_every_rule_and_can_always_end(policy: Policy) {
    let mut database = Database::new().await;
    let found = explore(&mut database, (policy, None)).await;
    assert!(found.violation.is_none(), "{}", found.told());
    if let Some(stuck) = found.stuck() {
        panic!("no way leads on to the end after {:#?}", found.trace(stuck));
    }
    let (states, asked) = (found.worlds.len(), database.asked());
    println!("{states} states, {} steps; the store was asked {asked} questions", found.steps.len());
    assert!(states > 20_000, "{states} states are not all");
}

#[tokio::test]
async fn nothing_that_can_happen_breaks_a_rule_where_doubts_are_sent_again() {
    keeps_every_rule_and_can_always_end(Policy::Retry).await;
}

#[tokio::test]
async fn nothing_that_can_happen_breaks_a_rule_where_doubts_are_held() {
    keeps_every_rule_and_can_always_end(Policy::Hold).await;
}

#[tokio::test]
async fn nothing_that_can_happen_breaks_a_rule_where_doubts_count_as_sent() {
    keeps_every_rule_and_can_always_end(Policy::AssumeSent).await;
}

/// Programs that are wrong in one way, and a word of the rule that they break.
const WRONG: &[(Mutant, &str)] = &[
    (Mutant::NoMarker, "does not even suspect"),
    (Mutant::NoCompareAndSet, "does not even suspect"),
    (Mutant::SendingTakenBack, "does not even suspect"),
    (Mutant::DotBeforeSync, "does not even suspect"),
    (Mutant::NoSecondLook, "I4"),
    (Mutant::NumberUsedAgain, "does not even suspect"),
];

#[tokio::test]
async fn a_program_that_is_wrong_in_one_way_is_found_out_in_ten_steps() {
    let mut database = Database::new().await;
    for (mutant, rule) in WRONG {
        let found = explore(&mut database, (Policy::Retry, Some(*mutant))).await;
        let Some((broken, trace)) = &found.violation else {
            panic!("{mutant:?} is not found out in {} states", found.worlds.len());
        };
        println!("{mutant:?} is found out after {} states. {}", found.worlds.len(), found.told());
        assert!(broken.contains(rule) && trace.len() <= 10, "{mutant:?}: {}", found.told());
    }
}
