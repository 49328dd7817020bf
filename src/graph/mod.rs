//! A canonical order over numbered nodes with named edges; knows no SQL and no other module.
//!
//! Kahn's algorithm over a heap with a total key, so that the order depends on the nodes and edges alone and never on
//! the order in which they were put in (petgraph's own toposort depends on it).

use std::cmp::Reverse;
use std::collections::BinaryHeap;

/// A directed graph over nodes `0..len`; an edge says that one node comes before another, and by which rule.
#[derive(Clone, Debug)]
pub struct Graph<R> {
    edges: Vec<Vec<(usize, R)>>,
}

/// Nodes that wait for each other, in the order of the circle, each with the rule by which it precedes the next.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cycle<R> {
    /// The members; the last one precedes the first again.
    pub members: Vec<(usize, R)>,
}

impl<R: Copy + Ord> Graph<R> {
    /// A graph without edges.
    pub fn new(len: usize) -> Self {
        Graph {
            edges: vec![Vec::new(); len],
        }
    }

    /// The number of nodes.
    pub fn len(&self) -> usize {
        self.edges.len()
    }

    /// Whether there is no node.
    pub fn is_empty(&self) -> bool {
        self.edges.is_empty()
    }

    /// Says that `before` comes before `after`. An edge from a node to itself says nothing and is left out; repeats do no harm.
    pub fn add(&mut self, before: usize, after: usize, rule: R) {
        if before != after {
            self.edges[before].push((after, rule));
        }
    }

    /// Takes an edge out, repeats included.
    pub fn remove(&mut self, before: usize, after: usize, rule: R) {
        self.edges[before].retain(|edge| *edge != (after, rule));
    }

    /// What comes after a node, with the rules.
    pub fn after(&self, node: usize) -> &[(usize, R)] {
        &self.edges[node]
    }

    /// The order with the smallest keys first wherever the edges leave a choice.
    ///
    /// # Errors
    /// A circle, when there is one.
    pub fn order<K: Ord>(&self, key: impl Fn(usize) -> K) -> Result<Vec<usize>, Cycle<R>> {
        let mut waiting_for = vec![0usize; self.len()];
        for (after, _) in self.edges.iter().flatten() {
            waiting_for[*after] += 1;
        }
        let mut ready: BinaryHeap<Reverse<(K, usize)>> = (0..self.len())
            .filter(|&node| waiting_for[node] == 0)
            .map(|node| Reverse((key(node), node)))
            .collect();
        let mut order = Vec::with_capacity(self.len());
        while let Some(Reverse((_, node))) = ready.pop() {
            order.push(node);
            for (after, _) in &self.edges[node] {
                waiting_for[*after] -= 1;
                if waiting_for[*after] == 0 {
                    ready.push(Reverse((key(*after), *after)));
                }
            }
        }
        if order.len() == self.len() {
            Ok(order)
        } else {
            Err(self.cycle(&waiting_for))
        }
    }

    /// A circle among the nodes that still wait: walk backwards from any of them; every one has a predecessor that waits.
    fn cycle(&self, waiting_for: &[usize]) -> Cycle<R> {
        let mut before: Vec<Option<(usize, R)>> = vec![None; self.len()];
        for (node, edges) in self.edges.iter().enumerate().filter(|(node, _)| waiting_for[*node] > 0) {
            for (after, rule) in edges {
                if before[*after].is_none() {
                    before[*after] = Some((node, *rule));
                }
            }
        }
        let start = waiting_for.iter().position(|&count| count > 0).unwrap_or(0);
        let mut seen = vec![None; self.len()];
        let mut path: Vec<(usize, R)> = Vec::new();
        let mut node = start;
        while let Some((previous, rule)) = before[node] {
            if let Some(first) = seen[node] {
                let mut members = path.split_off(first);
                members.reverse();
                return Cycle { members };
            }
            seen[node] = Some(path.len());
            path.push((previous, rule));
            node = previous;
        }
        Cycle { members: path }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_order_depends_on_keys_and_edges_only() {
        let mut graph = Graph::new(4);
        graph.add(3, 0, "uses");
        assert_eq!(graph.order(|node| node).unwrap(), vec![1, 2, 3, 0]);
        assert_eq!(graph.order(Reverse).unwrap(), vec![3, 2, 1, 0]);
    }

    #[test]
    fn a_circle_is_reported_with_its_members_and_rules() {
        let mut graph = Graph::new(4);
        graph.add(0, 1, "a");
        graph.add(1, 2, "b");
        graph.add(2, 1, "c");
        graph.add(2, 3, "d");
        let cycle = graph.order(|node| node).unwrap_err();
        let mut members = cycle.members.clone();
        members.sort_unstable();
        assert_eq!(members, vec![(1, "b"), (2, "c")]);
    }
}
