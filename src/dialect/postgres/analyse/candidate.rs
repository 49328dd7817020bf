//! Which of several operators or functions of one name is meant.
//!
//! Knows the rules of the manual's chapter "Type Conversion" (`func_select_candidate` in `parse_func.c`,
//! `oper_select_candidate` in `parse_oper.c`). Answers only when every type that counts is known.

use super::Analyser;
use super::fragment::Fragment;
use super::typing::{Fit, TypeFacts, array_of, pseudo, same};
use crate::catalog::{DataType, ObjectId};

/// One operator or function, with a declared type for each argument that is given.
#[derive(Clone, Debug)]
pub(super) struct Candidate {
    /// The declared types.
    pub(super) arguments: Vec<DataType>,
    /// The declared type of the result.
    pub(super) result: Option<DataType>,
    /// What it is.
    pub(super) source: Source,
}

/// Where a candidate comes from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Source {
    /// PostgreSQL's own; the number is its place in the list it was taken from.
    System(usize),
    /// The schema's own.
    Own(ObjectId),
    /// An extension's; the number is its place in the list it was taken from.
    Extension(usize),
}

/// A candidate with its polymorphic types made definite.
#[derive(Clone, Debug)]
pub(super) struct Choice {
    /// The type each argument is brought to; `None` leaves it as it is.
    pub(super) arguments: Vec<Option<DataType>>,
    /// The type of the result, where it is known.
    pub(super) result: Option<DataType>,
    /// What it is.
    pub(super) source: Source,
}

/// What is known of an argument.
#[derive(Clone, Debug)]
enum Given {
    /// A string or NULL without a type.
    Unknown,
    /// A type, modifiers left out.
    Known(DataType),
}

impl Analyser<'_> {
    /// The candidate that a call with these arguments means; `None` when that cannot be known.
    ///
    /// Candidates of the same types stand in the order of the search path: the first counts.
    pub(super) fn choose(&self, candidates: Vec<Candidate>, arguments: &[&Fragment]) -> Option<Choice> {
        let mut given = Vec::with_capacity(arguments.len());
        for argument in arguments {
            given.push(match (&argument.data_type, argument.untyped) {
                (Some(data_type), _) => Given::Known(data_type.without_modifiers()),
                (None, true) => Given::Unknown,
                (None, false) => return None,
            });
        }
        let exact = candidates.iter().find(|candidate| is_exact(candidate, &given));
        let chosen = match exact {
            Some(exact) => exact.clone(),
            None => self.best(candidates, &given)?,
        };
        Some(self.definite(chosen, &given))
    }

    fn best(&self, candidates: Vec<Candidate>, given: &[Given]) -> Option<Candidate> {
        let mut left: Vec<Candidate> = candidates
            .into_iter()
            .filter(|candidate| self.takes(candidate, given))
            .collect();
        let mut unique: Vec<Candidate> = Vec::with_capacity(left.len());
        for candidate in left.drain(..) {
            let known = unique.iter().any(|other| {
                other.arguments.len() == candidate.arguments.len()
                    && other
                        .arguments
                        .iter()
                        .zip(&candidate.arguments)
                        .all(|(one, other)| same(one, other))
            });
            if !known {
                unique.push(candidate);
            }
        }
        left = unique;
        if left.len() <= 1 {
            return left.pop();
        }
        let bases: Vec<Given> = given
            .iter()
            .map(|given| match given {
                Given::Unknown => Given::Unknown,
                Given::Known(data_type) => Given::Known(self.base_type(data_type)),
            })
            .collect();
        // Most arguments of just the declared type, then most of those or of a preferred type.
        left = most(left, |candidate| {
            pairs(candidate, &bases)
                .filter(|(declared, given)| same(declared, given))
                .count()
        });
        if left.len() == 1 {
            return left.pop();
        }
        let facts: Option<Vec<Option<TypeFacts>>> = bases
            .iter()
            .map(|given| match given {
                Given::Unknown => Some(None),
                Given::Known(data_type) => self.facts(data_type).map(Some),
            })
            .collect();
        let facts = facts?;
        left = most(left, |candidate| {
            let fitting = candidate.arguments.iter().zip(&bases).zip(&facts);
            fitting
                .filter(|((declared, given), facts)| match (given, facts) {
                    (Given::Known(given), Some(facts)) => {
                        same(declared, given) || self.is_preferred(declared, facts.category)
                    }
                    _ => false,
                })
                .count()
        });
        if left.len() == 1 {
            return left.pop();
        }
        self.by_unknowns(left, &bases)
    }

    /// What is left is told apart by what unknown literals could be.
    fn by_unknowns(&self, mut left: Vec<Candidate>, given: &[Given]) -> Option<Candidate> {
        let unknown: Vec<usize> = (0..given.len())
            .filter(|index| matches!(given[*index], Given::Unknown))
            .collect();
        if unknown.is_empty() {
            return None;
        }
        let mut categories = Vec::with_capacity(unknown.len());
        for &index in &unknown {
            let found: Option<Vec<TypeFacts>> = left
                .iter()
                .map(|candidate| self.facts(candidate.arguments.get(index)?))
                .collect();
            let found = found?;
            let first = found.first()?.category;
            let category = if found.iter().any(|facts| facts.category == 'S') {
                Some('S')
            } else {
                found.iter().all(|facts| facts.category == first).then_some(first)
            };
            categories.push((
                index,
                category,
                found
                    .iter()
                    .any(|facts| Some(facts.category) == category && facts.preferred),
            ));
        }
        if categories.iter().all(|(_, category, _)| category.is_some()) {
            let narrowed: Vec<Candidate> = left
                .iter()
                .filter(|candidate| {
                    categories.iter().all(|(index, category, preferred)| {
                        let facts = candidate
                            .arguments
                            .get(*index)
                            .and_then(|declared| self.facts(declared));
                        facts.is_some_and(|facts| Some(facts.category) == *category && (!preferred || facts.preferred))
                    })
                })
                .cloned()
                .collect();
            if !narrowed.is_empty() {
                left = narrowed;
            }
            if left.len() == 1 {
                return left.pop();
            }
        }
        // The last guess: unknown literals are of the type that all the others are.
        let mut known = given.iter().filter_map(|given| match given {
            Given::Known(data_type) => Some(data_type),
            Given::Unknown => None,
        });
        let first = known.next()?;
        if !known.all(|other| same(other, first)) {
            return None;
        }
        let assumed: Vec<Given> = given.iter().map(|_| Given::Known(first.clone())).collect();
        let mut fitting = left.into_iter().filter(|candidate| self.takes(candidate, &assumed));
        let only = fitting.next()?;
        fitting.next().is_none().then_some(only)
    }

    fn takes(&self, candidate: &Candidate, given: &[Given]) -> bool {
        candidate.arguments.len() == given.len()
            && pairs(candidate, given).all(|(declared, given)| self.fit(given, declared) != Fit::No)
    }

    fn is_preferred(&self, declared: &DataType, category: char) -> bool {
        let facts = self.facts(declared);
        facts.is_some_and(|facts| facts.preferred && facts.category == category)
    }

    /// Polymorphic types become those of the arguments (`enforce_generic_type_consistency`).
    fn definite(&self, candidate: Candidate, given: &[Given]) -> Choice {
        let mut element: Option<DataType> = None;
        let mut compatible: Vec<DataType> = Vec::new();
        let mut range: Option<DataType> = None;
        for (declared, given) in pairs(&candidate, given) {
            match pseudo(declared) {
                Some("anyelement" | "anynonarray" | "anyenum") => {
                    element.get_or_insert_with(|| given.clone());
                }
                Some("anyarray") => {
                    let of = self.element_type(given);
                    element = element.or(of);
                }
                Some("anyrange") => {
                    range.get_or_insert_with(|| self.base_type(given));
                    let of = self.range_element(given);
                    element = element.or(of);
                }
                Some("anycompatible" | "anycompatiblenonarray") => compatible.push(given.clone()),
                Some("anycompatiblearray") => compatible.extend(self.element_type(given)),
                _ => {}
            }
        }
        let compatible = self.common_of(&compatible);
        let resolve = |declared: &DataType| match pseudo(declared) {
            Some("anyelement" | "anynonarray" | "anyenum") => element.clone(),
            Some("anyarray") => element.as_ref().and_then(array_of),
            Some("anyrange") => range.clone(),
            Some("anycompatible" | "anycompatiblenonarray") => compatible.clone(),
            Some("anycompatiblearray") => compatible.as_ref().and_then(array_of),
            Some(_) => None,
            None => Some(declared.clone()),
        };
        Choice {
            arguments: candidate.arguments.iter().map(resolve).collect(),
            result: candidate.result.as_ref().and_then(resolve),
            source: candidate.source,
        }
    }
}

/// The pairs of declared and known types.
fn pairs<'p>(candidate: &'p Candidate, given: &'p [Given]) -> impl Iterator<Item = (&'p DataType, &'p DataType)> {
    candidate
        .arguments
        .iter()
        .zip(given)
        .filter_map(|(declared, given)| match given {
            Given::Known(data_type) => Some((declared, data_type)),
            Given::Unknown => None,
        })
}

fn is_exact(candidate: &Candidate, given: &[Given]) -> bool {
    candidate.arguments.len() == given.len()
        && candidate
            .arguments
            .iter()
            .zip(given)
            .all(|(declared, given)| match given {
                Given::Known(data_type) => same(declared, data_type),
                Given::Unknown => false,
            })
}

/// Those candidates for which `count` is greatest.
fn most(candidates: Vec<Candidate>, count: impl Fn(&Candidate) -> usize) -> Vec<Candidate> {
    let best = candidates.iter().map(&count).max().unwrap_or(0);
    candidates
        .into_iter()
        .filter(|candidate| count(candidate) == best)
        .collect()
}
