//! The check that proves to the server that every row of a table is within a partition's bound, or that none is, so that
//! ATTACH PARTITION reads no row.
//!
//! The server takes a bound for proved when valid checks and NOT NULL imply it (`tablecmds.c`,
//! `ConstraintImpliedByRelConstraint`); the check says what it derives itself from the bound (`partbounds.c`,
//! `get_qual_for_list`, `get_qual_for_range`). That of a hash holds the number of the partitioned table on the one server, and
//! cannot be said here; nor is that of a key with an expression, a collation or an operator class of its own.
//!
//! | rung | statement | lock | phase | undone by |
//! |---|---|---|---|---|
//! | Enforced | ADD CHECK NOT VALID | ACCESS EXCLUSIVE, catalog only | that of the change | DROP CONSTRAINT |
//! | Validated | VALIDATE CONSTRAINT | SHARE UPDATE EXCLUSIVE, scan | the same | – |
//!
//! The change itself ends with the DROP CONSTRAINT. From the first rung on rows that the change would forbid are refused.

use super::build::rung;
use super::facts;
use super::lowering::Lowering;
use crate::catalog::bound::{Bound, Limit};
use crate::catalog::constraint::{Constraint, ConstraintKind, Deferral};
use crate::catalog::table::{Inherit, Inheritance, PartitionOf, Validation};
use crate::catalog::{Catalog, Form, Ident, ObjectId, QualifiedName, Template, TemplateBuilder};
use crate::dialect::postgres::action::Expectation;
use crate::dialect::postgres::describe;
use crate::plan::{Company, Phase, Rung, State, Statement};

/// Which rows of the table are to be within the bound.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Rows<'a> {
    /// All: it becomes the partition.
    Every,
    /// None: it is the default partition, and another gets the bound.
    NoneOf(&'a ObjectId),
}

/// A check of a bound for the time of a change.
pub(super) struct BoundCheck {
    id: ObjectId,
    constraint: Constraint,
}

impl BoundCheck {
    /// The check that proves a bound; none where it cannot be said.
    pub(super) fn of(
        lowering: &Lowering<'_>,
        catalog: &Catalog,
        table: &ObjectId,
        place: &PartitionOf,
        rows: Rows<'_>,
    ) -> Option<BoundCheck> {
        let within = within(catalog, table.qualified_name()?, place)?;
        let (expression, base) = match rows {
            Rows::Every => (within, table.last_name().to_string()),
            // Several partitions may come at a time.
            Rows::NoneOf(partition) => (not(&within), format!("{}_{}", table.last_name(), partition.last_name())),
        };
        let name = lowering.scaffold_name(&base, "bound", |name| facts::constraint_named(table, name));
        Some(BoundCheck {
            id: facts::constraint_named(table, name),
            constraint: Constraint {
                kind: ConstraintKind::Check {
                    expression,
                    inherit: Inherit::Inherit,
                },
                deferral: Deferral::NotDeferrable,
                validation: Validation::NotValid,
                inheritance: Inheritance::Local,
                parent: None,
            },
        })
    }

    /// The rungs that lead to a valid check.
    pub(super) fn rungs(&self, lowering: &Lowering<'_>, phase: Phase) -> Vec<Rung> {
        let first = rung(
            State::Enforced,
            phase,
            vec![self.added(lowering)],
            vec![self.dropped(lowering)],
        );
        let mut second = rung(
            State::Validated,
            phase,
            vec![lowering.validate_constraint(&self.id, &self.constraint)],
            Vec::new(),
        );
        second.company = Company::Scan;
        second.verify = vec![lowering.verify(
            Expectation::ConstraintValid(self.id.clone()),
            "No row stands against the bound.",
        )];
        vec![first, second]
    }

    /// The statement that adds it, not valid.
    pub(super) fn added(&self, lowering: &Lowering<'_>) -> Statement {
        let comment = format!("It will prove the bound, so that no row of {} is read under a lock.", {
            describe(&facts::relation(&self.id))
        });
        lowering.add_constraint(&self.id, &self.constraint, comment)
    }

    /// The statement that takes it away.
    pub(super) fn dropped(&self, lowering: &Lowering<'_>) -> Statement {
        lowering.drop_constraint(&self.id, &self.constraint, "The bound says the same now.")
    }

    /// What a statement needs that relies on the check.
    pub(super) fn id(&self) -> &ObjectId {
        &self.id
    }
}

/// What holds for the rows of a bound, over the columns of a table.
fn within(catalog: &Catalog, table: &QualifiedName, place: &PartitionOf) -> Option<Template> {
    let key = facts::table(catalog, &place.parent)?.partition_key.as_ref()?;
    let columns: Option<Vec<&Ident>> = key.keys.iter().map(Template::as_column).collect();
    let columns: Vec<ObjectId> = columns?
        .into_iter()
        .map(|column| ObjectId::Column(table.clone(), column.clone()))
        .collect();
    match &place.bound {
        Bound::Default | Bound::Hash { .. } => None,
        Bound::List(values) => match columns.as_slice() {
            [column] => Some(in_list(column, values)),
            _ => None,
        },
        Bound::Range { from, to } => Some(in_range(&columns, from, to)),
    }
}

fn in_list(column: &ObjectId, values: &[Option<Template>]) -> Template {
    let mut text = Condition::default();
    let given: Vec<&Template> = values.iter().flatten().collect();
    let null = given.len() < values.len();
    text.column(column).say(if null { " IS NULL" } else { " IS NOT NULL" });
    if !given.is_empty() {
        text.say(if null { " OR " } else { " AND " })
            .column(column)
            .say(" IN (");
        for (position, value) in given.into_iter().enumerate() {
            text.say(if position > 0 { ", " } else { "" }).value(value);
        }
        text.say(")");
    }
    text.0.finish()
}

fn in_range(columns: &[ObjectId], from: &[Limit], to: &[Limit]) -> Template {
    let mut text = Condition::default();
    for (position, column) in columns.iter().enumerate() {
        text.say(if position > 0 { " AND " } else { "" });
        text.column(column).say(" IS NOT NULL");
    }
    // Columns in which both limits are the same come first, one comparison each.
    let mut first = 0;
    while let (Some(column), Some(Limit::Value(lower)), Some(Limit::Value(upper))) =
        (columns.get(first), from.get(first), to.get(first))
        && lower == upper
    {
        text.say(" AND ").column(column).say(" = ").value(lower);
        first += 1;
    }
    let rest = |limits: &[Limit]| limits.get(first..).unwrap_or_default().to_vec();
    let columns = columns.get(first..).unwrap_or_default();
    text.side(columns, &rest(from), Edge::Lower);
    text.side(columns, &rest(to), Edge::Upper);
    text.0.finish()
}

fn not(condition: &Template) -> Template {
    let mut text = Condition::default();
    text.say("NOT (").value(condition).say(")");
    text.0.finish()
}

/// Which of the two limits of a range.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Edge {
    Lower,
    Upper,
}

impl Edge {
    /// The comparison with the limit where it decides, and the infinite limit that, coming next, lets equal values in.
    fn operators(self) -> (&'static str, &'static str, Limit) {
        match self {
            Edge::Lower => (" > ", " >= ", Limit::Minimum),
            Edge::Upper => (" < ", " <= ", Limit::Maximum),
        }
    }
}

/// An expression as it is put together.
#[derive(Default)]
struct Condition(TemplateBuilder);

impl Condition {
    fn say(&mut self, text: &str) -> &mut Self {
        self.0.push_str(text);
        self
    }

    fn value(&mut self, value: &Template) -> &mut Self {
        self.0.push_template(value);
        self
    }

    fn column(&mut self, column: &ObjectId) -> &mut Self {
        self.0.push_reference(column.clone(), Form::Bare);
        self
    }

    /// One limit of a range: above it in the first column, or equal there and above it in the second, and so on.
    fn side(&mut self, columns: &[ObjectId], limits: &[Limit], edge: Edge) {
        let (strictly, inclusively, next_lets_in) = edge.operators();
        let finite = limits.iter().take_while(|limit| limit.value().is_some()).count();
        if finite == 0 {
            return;
        }
        self.say(" AND (");
        for arm in 0..finite {
            self.say(if arm > 0 { " OR (" } else { "" });
            for (position, (column, value)) in columns
                .iter()
                .zip(limits.iter().filter_map(Limit::value))
                .take(arm + 1)
                .enumerate()
            {
                let last_of_key = position + 1 == columns.len() && edge == Edge::Lower;
                let operator = match position < arm {
                    true => " = ",
                    false if last_of_key || limits.get(position + 1) == Some(&next_lets_in) => inclusively,
                    false => strictly,
                };
                self.say(if position > 0 { " AND " } else { "" });
                self.column(column).say(operator).value(value);
            }
            self.say(if arm > 0 { ")" } else { "" });
        }
        self.say(")");
    }
}

#[cfg(test)]
mod tests {
    use crate::dialect::postgres::lower::testing::{said, ups};
    use expect_test::expect;

    /// The check that is added where a table becomes a partition with a bound.
    fn check(key: &str, columns: &str, bound: &str) -> String {
        let from = format!("CREATE TABLE p ({columns}) PARTITION BY {key}; CREATE TABLE c ({columns});");
        let found = ups(
            &from,
            &format!("{from} ALTER TABLE p ATTACH PARTITION c FOR VALUES {bound};"),
        );
        let start = "expand: ALTER TABLE public.c ADD CONSTRAINT c_underpin_bound CHECK (";
        let line = found.lines().find_map(|line| line.strip_prefix(start));
        line.unwrap_or_default().trim_end_matches(") NOT VALID").to_owned()
    }

    #[test]
    fn a_list_is_proved_value_by_value() {
        expect!["a IS NOT NULL AND a IN (1, 2)"].assert_eq(&check("LIST (a)", "a int", "IN (1, 2)"));
        expect!["a IS NULL OR a IN ('x')"].assert_eq(&check("LIST (a)", "a text", "IN ('x', NULL)"));
        expect!["a IS NULL"].assert_eq(&check("LIST (a)", "a text", "IN (NULL)"));
    }

    #[test]
    fn a_range_is_proved_column_by_column() {
        expect!["a IS NOT NULL AND (a >= 1) AND (a < 9)"].assert_eq(&check("RANGE (a)", "a int", "FROM (1) TO (9)"));
        expect!["a IS NOT NULL AND (a < 9)"].assert_eq(&check("RANGE (a)", "a int", "FROM (MINVALUE) TO (9)"));
        let two = |bound: &str| check("RANGE (a, b)", "a int, b int", bound);
        expect!["a IS NOT NULL AND b IS NOT NULL AND (a > 1 OR (a = 1 AND b >= 5)) AND (a < 2 OR (a = 2 AND b < 7))"]
            .assert_eq(&two("FROM (1, 5) TO (2, 7)"));
        expect!["a IS NOT NULL AND b IS NOT NULL AND a = 1 AND (b >= 5) AND (b < 7)"]
            .assert_eq(&two("FROM (1, 5) TO (1, 7)"));
        expect!["a IS NOT NULL AND b IS NOT NULL AND (a >= 1) AND (a <= 2)"]
            .assert_eq(&two("FROM (1, MINVALUE) TO (2, MAXVALUE)"));
    }

    #[test]
    fn the_bound_of_a_hash_cannot_be_proved() {
        let from = "CREATE TABLE p (a int) PARTITION BY HASH (a); CREATE TABLE c (a int);";
        let to = format!("{from} ALTER TABLE p ATTACH PARTITION c FOR VALUES WITH (MODULUS 2, REMAINDER 0);");
        expect![[r#"
            table-lock-scan: all rows of relation public.c are read under a lock to see that they obey its bound
        "#]]
        .assert_eq(&said(from, &to));
    }

    #[test]
    fn the_default_partition_is_known_to_hold_no_row_of_a_new_one() {
        let from = "CREATE TABLE p (a int) PARTITION BY LIST (a); CREATE TABLE d PARTITION OF p DEFAULT;";
        let found = ups(
            from,
            &format!("{from} CREATE TABLE c PARTITION OF p FOR VALUES IN (1);"),
        );
        expect![[r#"
            expand: ALTER TABLE public.d ADD CONSTRAINT d_c_underpin_bound CHECK (NOT (a IS NOT NULL AND a IN (1))) NOT VALID
            expand: ALTER TABLE public.d VALIDATE CONSTRAINT d_c_underpin_bound
            expand: DO $$ BEGIN IF NOT EXISTS ( SELECT FROM pg_catalog.pg_constraint WHERE conrelid = to_regclass('public.d') AND conname = 'd_c_underpin_bound' AND convalidated ) THEN RAISE EXCEPTION 'constraint d_c_underpin_bound of public.d is missing or not validated'; END IF; END $$
            expand: CREATE TABLE public.c ( a integer )
            expand: ALTER TABLE public.p ATTACH PARTITION public.c FOR VALUES IN (1)
            expand: ALTER TABLE public.d DROP CONSTRAINT d_c_underpin_bound
        "#]]
        .assert_eq(&found);
    }
}
