//! Both sides, put right so that they differ in scope alone.
//!
//! | what | becomes |
//! |---|---|
//! | out of scope, and there | wanted as it is |
//! | out of scope, wanted, not there, needed by what is in scope | taken to be there |
//! | out of scope, wanted, not there, needed by nothing | not wanted |
//! | not mentioned, where that stays | wanted as it is; of comments, privileges and owners too what is not mentioned |
//! | what would have to stay and needs what goes | an error: it would break |
//!
//! The plan and its proof see the two results only, so that the proof holds for the whole of both.

use super::{Heed, Scope, Unmentioned};
use crate::catalog::constraint::{ConstraintKind, KeyKind};
use crate::catalog::hashing::HashSet;
use crate::catalog::{Catalog, Entry, Object, ObjectId, Privileges};
use crate::diagnostic::{Code, Diagnostic};
use crate::dialect::postgres::describe;
use crate::dialect::postgres::read::with_default_privileges;
use crate::pair::Pair;

/// Two sides that differ in scope alone.
#[derive(Clone, Debug)]
pub struct Narrowed {
    /// What is wanted.
    pub to: Catalog,
    /// What is taken to be there though the text of what is does not say so, in an order in which it can be made.
    pub assumed: Vec<(ObjectId, Entry)>,
    /// What is out of scope and stays as it is.
    pub outside: HashSet<ObjectId>,
    /// What would break.
    pub errors: Vec<Diagnostic>,
}

/// Narrows a comparison; `from` is what is, under the new names of what is renamed.
pub fn narrow(pair: Pair<&Catalog>, scope: &Scope, version: u16) -> Narrowed {
    let (from, wanted) = (pair.from, pair.to);
    let mut work = Work {
        from,
        wanted,
        scope,
        assumed: Vec::new(),
        seen: HashSet::default(),
        errors: Vec::new(),
    };
    let in_scope: Vec<&ObjectId> = wanted
        .iter()
        .map(|(id, _)| id)
        .filter(|id| scope.includes(wanted, id))
        .collect();
    for id in &in_scope {
        work.assume_needs(id);
    }
    for (id, _) in wanted.iter() {
        // What an extension brings is not written down, so that nobody can tell who needs it.
        if matches!(id, ObjectId::Extension(_)) && !scope.includes(wanted, id) {
            work.assume(id);
        }
    }
    let names_owners = scope.owners == Heed::Heeded
        && in_scope
            .iter()
            .any(|id| wanted.get(id).is_some_and(|entry| entry.owner.is_some()));
    let owner_of = |entry: &mut Entry| {
        if !names_owners {
            entry.owner = None;
        }
    };
    let mut to = Catalog::default();
    let mut new: Vec<ObjectId> = Vec::new();
    for id in &in_scope {
        let Some(mut entry) = wanted.get(id).cloned() else {
            continue;
        };
        owner_of(&mut entry);
        match from.get(id) {
            Some(old) => work.merge(old, &mut entry),
            None => new.push((*id).clone()),
        }
        to.insert((*id).clone(), entry);
    }
    let mut outside = HashSet::default();
    let mut stays: Vec<ObjectId> = Vec::new();
    for (id, entry) in from.iter() {
        // What is in scope on either side is the wanted schema's to say.
        let in_scope = scope.includes(from, id) && (!wanted.contains(id) || scope.includes(wanted, id));
        let is_outside = !in_scope && !to.contains(id);
        let kept = is_outside || (!to.contains(id) && !wanted.contains(id) && work.stays(id));
        if !kept {
            continue;
        }
        let mut entry = entry.clone();
        owner_of(&mut entry);
        to.insert(id.clone(), entry);
        stays.push(id.clone());
        if is_outside {
            outside.insert(id.clone());
        }
    }
    for (id, entry) in &mut work.assumed {
        owner_of(entry);
        to.insert(id.clone(), entry.clone());
        outside.insert(id.clone());
    }
    if scope.privileges == Heed::Ignored || scope.unmentioned == Unmentioned::Stays {
        to = work.privileges_of_new(to, &new, version);
    }
    for id in &stays {
        for need in from.requirements(id) {
            if !to.contains(&need) {
                work.errors.push(breaks(id, &need, outside.contains(id)));
            }
        }
    }
    Narrowed {
        to,
        assumed: work.assumed,
        outside,
        errors: work.errors,
    }
}

fn breaks(id: &ObjectId, need: &ObjectId, is_outside: bool) -> Diagnostic {
    let (why, hint) = match is_outside {
        true => ("out of scope", "Keep it, or take into scope what needs it."),
        false => (
            "not mentioned in the wanted schema and stays",
            "Keep it, or drop by hand what needs it.",
        ),
    };
    let message = format!("{} would go, and {} needs it", describe(need), describe(id));
    Diagnostic::error(Code::ScopeBroken, message)
        .detail(format!("{} is {why}.", capital(&describe(id))))
        .hint(hint)
}

/// Refuses a plan that takes away, to make it anew, what is out of scope.
pub fn touches_outside(id: &ObjectId) -> Diagnostic {
    let message = format!(
        "{} is out of scope, and the plan would drop it and make it anew",
        describe(id)
    );
    Diagnostic::error(Code::ScopeBroken, message)
        .detail("It hangs on something that changes in a way that PostgreSQL refuses while it is there.")
        .hint("Take it into scope, or leave out the change.")
}

fn capital(text: &str) -> String {
    let mut letters = text.chars();
    let first = letters.next().map(|letter| letter.to_uppercase().to_string());
    first.unwrap_or_default() + letters.as_str()
}

struct Work<'a> {
    from: &'a Catalog,
    wanted: &'a Catalog,
    scope: &'a Scope,
    assumed: Vec<(ObjectId, Entry)>,
    seen: HashSet<ObjectId>,
    errors: Vec<Diagnostic>,
}

impl Work<'_> {
    /// Takes to be there what an object in scope needs that is out of scope and nowhere said to be.
    fn assume_needs(&mut self, id: &ObjectId) {
        for need in self.wanted.requirements(id) {
            if !self.scope.includes(self.wanted, &need) {
                self.assume(&need);
            }
        }
    }

    fn assume(&mut self, id: &ObjectId) {
        if self.from.contains(id) || !self.seen.insert(id.clone()) {
            return;
        }
        let needs: Vec<ObjectId> = self.wanted.requirements(id).into_iter().collect();
        for need in &needs {
            if !self.scope.includes(self.wanted, need) {
                self.assume(need);
            } else if !self.from.contains(need) {
                let message = format!(
                    "{} is out of scope, and not there without {}",
                    describe(id),
                    describe(need)
                );
                let hint = "Take both into scope, or leave both out.";
                self.errors.push(
                    Diagnostic::error(Code::ScopeBroken, message)
                        .detail("What is in scope needs it, so it would have to be there already.")
                        .hint(hint),
                );
            }
        }
        if let Some(entry) = self.wanted.get(id) {
            self.assumed.push((id.clone(), entry.clone()));
        }
        // A table is there with all its columns.
        let parts: Vec<ObjectId> = self.wanted.parts(id).map(|(part, _)| part.clone()).collect();
        for part in parts {
            if !self.scope.includes(self.wanted, &part) {
                self.assume(&part);
            }
        }
    }

    /// What of an object that is there is kept though the wanted schema says nothing, or something else, of it.
    fn merge(&self, old: &Entry, new: &mut Entry) {
        if self.scope.privileges == Heed::Ignored {
            new.privileges = old.privileges.clone();
            keep_identity_privileges(&old.object, &mut new.object);
        }
        if self.scope.unmentioned == Unmentioned::Goes {
            return;
        }
        if new.comment.is_none() {
            new.comment = old.comment.clone();
        }
        for (provider, label) in &old.security_labels {
            new.security_labels
                .entry(provider.clone())
                .or_insert_with(|| label.clone());
        }
        if new.extension.is_none() {
            new.extension = old.extension.clone();
        }
        if new.depends_on.is_empty() {
            new.depends_on = old.depends_on.clone();
        }
        if new.owner.is_none() {
            new.owner = old.owner.clone();
        }
        new.privileges = match (&old.privileges, new.privileges.take()) {
            (old, None) => old.clone(),
            (None, Some(new)) => Some(new),
            (Some(old), Some(new)) => Some(union(old, new)),
        };
    }

    /// New objects have what default privileges give them, and what is granted besides.
    fn privileges_of_new(&self, to: Catalog, new: &[ObjectId], version: u16) -> Catalog {
        let said: Vec<Option<Privileges>> = new
            .iter()
            .map(|id| to.get(id).and_then(|entry| entry.privileges.clone()))
            .collect();
        let mut to = with_default_privileges(to, new, version);
        if self.scope.privileges == Heed::Ignored {
            return to;
        }
        for (id, said) in new.iter().zip(said) {
            let Some(entry) = to.get_mut(id) else { continue };
            entry.privileges = match (entry.privileges.take(), said) {
                (given, None) => given,
                (None, said) => said,
                (Some(given), Some(said)) => Some(union(&given, said)),
            };
        }
        to
    }

    /// Whether an object that the wanted schema does not mention stays.
    fn stays(&self, id: &ObjectId) -> bool {
        if self.scope.unmentioned == Unmentioned::Goes {
            return false;
        }
        let Some(entry) = self.from.get(id) else { return false };
        let whole = self.from.whole(id);
        let owner = match &entry.object {
            Object::Sequence(sequence) => sequence.owned_by.clone(),
            _ => None,
        };
        // What is a property of something rather than a thing of its own goes or stays with it.
        let is_property = matches!(entry.object, Object::Default(_) | Object::ViewColumn);
        let Some(whole) = whole.or(owner.clone()) else {
            return true;
        };
        match (self.from.get(&whole), self.wanted.get(&whole)) {
            (_, None) => self.stays(&whole),
            (Some(from), Some(to)) => {
                let same_kind = std::mem::discriminant(&from.object) == std::mem::discriminant(&to.object);
                same_kind && !is_property && owner.is_none() && !self.has_another_primary_key(&entry.object, &whole)
            }
            (None, Some(_)) => false,
        }
    }

    /// A table has one primary key: the wanted one takes the place of another.
    fn has_another_primary_key(&self, object: &Object, table: &ObjectId) -> bool {
        is_primary(object) && self.wanted.parts(table).any(|(_, part)| is_primary(&part.object))
    }
}

fn is_primary(object: &Object) -> bool {
    match object {
        Object::Constraint(constraint) => match &constraint.kind {
            ConstraintKind::Key(key) => key.kind == KeyKind::Primary,
            ConstraintKind::Check { .. } | ConstraintKind::ForeignKey(_) | ConstraintKind::Exclude(_) => false,
        },
        _ => false,
    }
}

fn keep_identity_privileges(old: &Object, new: &mut Object) {
    if let (Object::Column(old), Object::Column(new)) = (old, new)
        && let (Some(old), Some(new)) = (&old.identity, &mut new.identity)
    {
        new.privileges = old.privileges.clone();
    }
}

/// What either grants; who is mentioned has what is said of them.
fn union(old: &Privileges, new: Privileges) -> Privileges {
    let mut held = old.held.clone();
    held.extend(new.held);
    Privileges { held }
}
