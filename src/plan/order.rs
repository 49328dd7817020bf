//! The order of rungs: named rules over what statements provide, remove, require and release.
//!
//! Sorting comes after lowering: only then can a VALIDATE stand in another phase than its ADD. A rung may be moved to a
//! later phase by what it waits for, never to an earlier one.

use super::ladder::{Company, Ladder, Rung, Unity};
use super::{Phase, Transaction};
use crate::catalog::ObjectId;
use crate::graph::{Cycle, Graph};
use std::collections::HashMap;

/// Why one rung comes before another.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum EdgeRule {
    /// A ladder is climbed rung by rung.
    RungByRung,
    /// An object is made before it is used.
    MadeBeforeUsed,
    /// What depends on an object lets go of it before it goes.
    ReleasedBeforeGone,
    /// An object that goes is used for the last time before.
    UsedBeforeGone,
    /// A name is free before it is taken again.
    NameFreed,
    /// What a string body names is made before it, where that makes no circle.
    MentionedInBody,
}

impl EdgeRule {
    /// The rule as a sentence.
    pub fn sentence(self) -> &'static str {
        match self {
            EdgeRule::RungByRung => "a ladder is climbed rung by rung",
            EdgeRule::MadeBeforeUsed => "an object is made before it is used",
            EdgeRule::ReleasedBeforeGone => "what depends on an object lets go of it before it goes",
            EdgeRule::UsedBeforeGone => "an object that goes is used for the last time before",
            EdgeRule::NameFreed => "a name is free before it is taken again",
            EdgeRule::MentionedInBody => "what a body names is made before it",
        }
    }
}

/// A rung in its place in the order.
#[derive(Clone, Copy, Debug)]
pub struct Ordered<'a> {
    /// The ladder it is a rung of.
    pub ladder: &'a Ladder,
    /// The ladder's place among all ladders.
    pub ladder_number: usize,
    /// The rung.
    pub rung: &'a Rung,
    /// The phase after what it waits for has been heeded.
    pub phase: Phase,
}

/// Rungs that wait for each other.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OrderError {
    /// Each member's title, with the rule by which it must precede the next; the last precedes the first.
    pub members: Vec<(String, EdgeRule)>,
}

struct Node<'a> {
    ladder: &'a Ladder,
    ladder_number: usize,
    rung: &'a Rung,
}

/// Orders all rungs.
///
/// # Errors
/// A circle with its members and rules: lowering should have broken it.
pub fn order(ladders: &[Ladder]) -> Result<Vec<Ordered<'_>>, OrderError> {
    let nodes: Vec<Node<'_>> = ladders
        .iter()
        .enumerate()
        .flat_map(|(ladder_number, ladder)| {
            ladder.rungs().iter().map(move |rung| Node {
                ladder,
                ladder_number,
                rung,
            })
        })
        .collect();
    let circle = |cycle: Cycle<EdgeRule>| OrderError {
        members: cycle
            .members
            .into_iter()
            .map(|(node, rule)| (nodes[node].ladder.title().to_owned(), rule))
            .collect(),
    };
    let mut graph = edges(&nodes);
    let first = without_soft_circles(&mut graph).map_err(circle)?;
    let phases = phases(&nodes, &graph, &first);
    let sorted = graph.order(|node| key(&nodes[node], phases[node])).map_err(circle)?;
    Ok(sorted
        .into_iter()
        .map(|node| {
            let Node {
                ladder,
                ladder_number,
                rung,
            } = nodes[node];
            Ordered {
                ladder,
                ladder_number,
                rung,
                phase: phases[node],
            }
        })
        .collect())
}

/// A first order. A circle that leads through a body's mention is opened there: the server does not ask for it.
fn without_soft_circles(graph: &mut Graph<EdgeRule>) -> Result<Vec<usize>, Cycle<EdgeRule>> {
    loop {
        let cycle = match graph.order(|node| node) {
            Ok(order) => return Ok(order),
            Err(cycle) => cycle,
        };
        let soft = cycle
            .members
            .iter()
            .position(|(_, rule)| *rule == EdgeRule::MentionedInBody);
        let Some(position) = soft else { return Err(cycle) };
        let before = cycle.members[position].0;
        let after = cycle.members[(position + 1) % cycle.members.len()].0;
        graph.remove(before, after, EdgeRule::MentionedInBody);
    }
}

/// The phase of each node: its own, or the latest of what it waits for; one phase for all rungs of a ladder that is one.
fn phases(nodes: &[Node<'_>], graph: &Graph<EdgeRule>, order: &[usize]) -> Vec<Phase> {
    let mut phases: Vec<Phase> = nodes.iter().map(|node| node.rung.phase).collect();
    loop {
        let before = phases.clone();
        for &node in order {
            for (after, _) in graph.after(node) {
                phases[*after] = phases[*after].max(phases[node]);
            }
        }
        let mut latest: HashMap<usize, Phase> = HashMap::new();
        for (node, phase) in nodes
            .iter()
            .zip(&phases)
            .filter(|(node, _)| node.ladder.unity() == Unity::OnePhase)
        {
            let found = latest.entry(node.ladder_number).or_insert(*phase);
            *found = (*found).max(*phase);
        }
        for (node, phase) in nodes.iter().zip(&mut phases) {
            if let Some(latest) = latest.get(&node.ladder_number) {
                *phase = *latest;
            }
        }
        if phases == before {
            return phases;
        }
    }
}

/// The total key: phase, what may share a file, adds early and drops late, the order of the sources, the identity.
fn key<'a>(node: &Node<'a>, phase: Phase) -> (Phase, Company, u8, u8, usize, &'a ObjectId) {
    let statements = &node.rung.up;
    let drops = statements.iter().any(|statement| !statement.removes.is_empty());
    let adds = statements.iter().any(|statement| !statement.provides.is_empty());
    let commit = statements
        .iter()
        .any(|statement| statement.transaction == Transaction::CommitAfter);
    let lateness = u8::from(drops) + u8::from(drops && !adds);
    (
        phase,
        node.rung.company,
        u8::from(!commit),
        lateness,
        node.ladder_number,
        node.ladder.object(),
    )
}

type Index<'a> = HashMap<&'a ObjectId, Vec<usize>>;

fn edges(nodes: &[Node<'_>]) -> Graph<EdgeRule> {
    let mut graph = Graph::new(nodes.len());
    for (number, pair) in nodes.windows(2).enumerate() {
        if pair[0].ladder_number == pair[1].ladder_number {
            graph.add(number, number + 1, EdgeRule::RungByRung);
        }
    }
    let (mut providers, mut removers): (Index<'_>, Index<'_>) = (HashMap::new(), HashMap::new());
    for (number, node) in nodes.iter().enumerate() {
        for statement in &node.rung.up {
            for id in &statement.provides {
                providers.entry(id).or_default().push(number);
            }
            for id in &statement.removes {
                removers.entry(id).or_default().push(number);
            }
        }
    }
    let others = |index: &Index<'_>, id: &ObjectId, node: &Node<'_>| -> Vec<usize> {
        let found = index.get(id).map(Vec::as_slice).unwrap_or_default();
        found
            .iter()
            .copied()
            .filter(|&other| nodes[other].ladder_number != node.ladder_number)
            .collect()
    };
    for (number, node) in nodes.iter().enumerate() {
        // The way back finds what is there when it begins: what comes, and neither takes the place of something nor replaces
        // what is there already, came before.
        for id in node.rung.down.iter().flat_map(|statement| &statement.requires) {
            if !removers.contains_key(id) {
                let comes = |provider: &usize| {
                    let mut down = nodes[*provider].rung.down.iter();
                    down.any(|statement| statement.removes.contains(id))
                };
                for provider in others(&providers, id, node).into_iter().filter(comes) {
                    graph.add(provider, number, EdgeRule::MadeBeforeUsed);
                }
            }
        }
        for statement in &node.rung.up {
            for id in &statement.requires {
                for provider in others(&providers, id, node) {
                    graph.add(provider, number, EdgeRule::MadeBeforeUsed);
                }
                if !providers.contains_key(id) {
                    for remover in others(&removers, id, node) {
                        graph.add(number, remover, EdgeRule::UsedBeforeGone);
                    }
                }
            }
            for id in &statement.mentions {
                if statement.provides.is_empty() {
                    for remover in others(&removers, id, node) {
                        graph.add(number, remover, EdgeRule::MentionedInBody);
                    }
                    continue;
                }
                for provider in others(&providers, id, node) {
                    graph.add(provider, number, EdgeRule::MentionedInBody);
                }
            }
            for id in &statement.releases {
                for remover in others(&removers, id, node) {
                    graph.add(number, remover, EdgeRule::ReleasedBeforeGone);
                }
            }
            for id in statement.provides.iter().chain(&statement.claims) {
                for remover in others(&removers, id, node) {
                    graph.add(remover, number, EdgeRule::NameFreed);
                }
            }
        }
    }
    graph
}
