//! A column that is renamed while the table is in use: it is written under both names until the old application is gone.
//!
//! The rungs are those of [`super::shadow`], the new column under its final name from the start. A trigger keeps the two
//! equal in both directions; in the enforce phase keys, constraints and default move to the new name, and in the contract
//! phase the old one goes. A rename by a compatible view is not made here: see `rename`.

use super::Lowered;
use super::column_type::conversion;
use super::lowering::Lowering;
use super::rename::current;
use super::shadow::{Group, Twin, Writers, twins};
use crate::catalog::ObjectId;
use crate::dialect::postgres::describe;
use crate::pair::Pair;
use crate::plan::Ladder;
use crate::snapshot::intent::Rename;
use crate::syntax::RenameMethod;

/// The ladder of a renamed column and of those bound to it; none when another of them has it.
pub(super) fn ladders(lowering: &Lowering<'_>, rename: &Rename) -> Lowered<Vec<Ladder>> {
    if !is_renamed(lowering, rename) {
        return Ok(Vec::new());
    }
    twin(lowering, rename)?;
    match group(lowering, &rename.to, &twins(lowering)) {
        Some(group) => group.ladders(),
        None => Ok(Vec::new()),
    }
}

/// The columns that are written under both names.
pub(super) fn renamed_twins(lowering: &Lowering<'_>) -> Vec<Twin> {
    lowering
        .intent
        .renames
        .iter()
        .filter(|rename| is_renamed(lowering, rename))
        .filter_map(|rename| twin(lowering, rename).ok())
        .collect()
}

/// The old identities of such columns, for what has to be made anew around them.
pub(super) fn old_columns(lowering: &Lowering<'_>) -> Vec<ObjectId> {
    let renames = &lowering.intent.renames;
    renames
        .iter()
        .filter(|rename| is_renamed(lowering, rename))
        .map(|rename| current(rename, renames))
        .collect()
}

/// The group of a renamed column.
pub(super) fn group<'a>(lowering: &'a Lowering<'a>, to: &ObjectId, twins: &[Twin]) -> Option<Group<'a>> {
    let twin = twins.iter().find(|twin| &twin.ends.to == to)?;
    Group::of(
        lowering,
        to,
        twins,
        format!("{} is renamed to {}", describe(&twin.ends.from), to.last_name()),
        "the old application knows the old name and the new one the new name: both are written until the old one is \
         gone, and a trigger keeps them equal",
    )
}

fn is_renamed(lowering: &Lowering<'_>, rename: &Rename) -> bool {
    let from = current(rename, &lowering.intent.renames);
    match rename.method {
        RenameMethod::DualWrite => {
            matches!(rename.to, ObjectId::Column(..)) && lowering.is_dropped(&from) && lowering.is_created(&rename.to)
        }
        RenameMethod::View | RenameMethod::Direct => false,
    }
}

fn twin(lowering: &Lowering<'_>, rename: &Rename) -> Lowered<Twin> {
    let from = current(rename, &lowering.intent.renames);
    let conversion = conversion(lowering, &from, &rename.to)?;
    let entries = Pair::new(lowering.from(&from), lowering.to(&rename.to));
    let (Some(old), Some(new), Some(table)) = (entries.from, entries.to, rename.to.parent()) else {
        return Err(super::refuse::unsupported(
            lowering,
            &rename.to,
            format!("{} is not a column of a table", describe(&rename.to)),
            "Columns of tables can be renamed.",
        ));
    };
    Ok(Twin {
        table,
        new: rename.to.clone(),
        old: from.clone(),
        ends: Pair::new(from, rename.to.clone()),
        entries: Pair::new(old.clone(), new.clone()),
        conversion,
        writers: Writers::BothNames,
    })
}

#[cfg(test)]
mod tests {
    use crate::dialect::postgres::lower::testing::{said, ups};
    use expect_test::expect;

    #[test]
    fn both_names_are_written_until_the_old_one_goes() {
        let from = "CREATE TABLE t (a text UNIQUE); CREATE VIEW v AS SELECT a AS x FROM t;";
        let to =
            "CREATE TABLE t (\n  b text UNIQUE -- underpin: renamed-from a\n); CREATE VIEW v AS SELECT b AS x FROM t;";
        let statements: String = ups(from, to)
            .lines()
            .filter(|line| !line.contains(": DO "))
            .map(|line| format!("{line}\n"))
            .collect();
        expect![[r#"
            expand: ALTER TABLE public.t ADD COLUMN b text
            expand: CREATE FUNCTION public.t_b_underpin_sync() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF TG_OP = 'INSERT' THEN IF NEW.b IS NOT NULL THEN NEW.a := NEW.b; ELSE NEW.b := NEW.a; END IF; ELSIF NEW.b IS DISTINCT FROM OLD.b AND NEW.a IS NOT DISTINCT FROM OLD.a THEN NEW.a := NEW.b; ELSE NEW.b := NEW.a; END IF; RETURN NEW; END $$
            expand: CREATE TRIGGER zzz_underpin_b BEFORE INSERT OR UPDATE ON public.t FOR EACH ROW EXECUTE FUNCTION public.t_b_underpin_sync()
            expand: ALTER TABLE public.t ENABLE ALWAYS TRIGGER zzz_underpin_b
            enforce: DROP INDEX CONCURRENTLY IF EXISTS public.t_b_key_underpin_new
            enforce: CREATE UNIQUE INDEX CONCURRENTLY t_b_key_underpin_new ON public.t (b)
            enforce: ANALYZE public.t (b)
            enforce: LOCK TABLE public.t IN ACCESS EXCLUSIVE MODE
            enforce: ALTER TABLE public.t RENAME CONSTRAINT t_a_key TO t_a_key_underpin_old
            enforce: ALTER TABLE public.t ADD CONSTRAINT t_b_key UNIQUE USING INDEX t_b_key_underpin_new
            enforce: DROP VIEW public.v
            enforce: CREATE VIEW public.v AS SELECT b AS x FROM public.t
            contract: DROP TRIGGER zzz_underpin_b ON public.t
            contract: DROP FUNCTION public.t_b_underpin_sync()
            contract: ALTER TABLE public.t DROP COLUMN a
        "#]].assert_eq(&statements);
    }

    #[test]
    fn values_that_cannot_be_compared_are_refused() {
        let to = "CREATE TABLE t (\n  b json -- underpin: renamed-from a\n);";
        expect![[r#"
            table-rewrite: column b of public.t cannot be changed while its table is in use: values of its type cannot be compared, so nobody can tell which name was written
        "#]].assert_eq(&said("CREATE TABLE t (a json);", to));
    }
}
