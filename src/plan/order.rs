//! The order of rungs: named rules over what statements provide, remove, require and release.
//!
//! Sorting comes after lowering: only then can a VALIDATE stand in another phase than its ADD. A rung may be moved to a
//! later phase by what it waits for, never to an earlier one.

use super::ladder::{Company, Ladder, Rung};
use super::{Phase, Transaction};
use crate::catalog::ObjectId;
use crate::graph::Graph;
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
    let graph = edges(&nodes);
    let circle = |cycle: crate::graph::Cycle<EdgeRule>| OrderError {
        members: cycle
            .members
            .into_iter()
            .map(|(node, rule)| (nodes[node].ladder.title().to_owned(), rule))
            .collect(),
    };
    let first = graph.order(|node| node).map_err(circle)?;
    let mut phases: Vec<Phase> = nodes.iter().map(|node| node.rung.phase).collect();
    for node in first {
        for (after, _) in graph.after(node) {
            phases[*after] = phases[*after].max(phases[node]);
        }
    }
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
            for id in &statement.releases {
                for remover in others(&removers, id, node) {
                    graph.add(number, remover, EdgeRule::ReleasedBeforeGone);
                }
            }
            for id in &statement.provides {
                for remover in others(&removers, id, node) {
                    graph.add(remover, number, EdgeRule::NameFreed);
                }
            }
        }
    }
    graph
}
