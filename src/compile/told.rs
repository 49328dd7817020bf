//! What one side of a comparison leaves open and the other tells, and what cannot be known at all.
//!
//! A script does not say who runs it and in which time zone; a dump does not say versions of extensions, nor owners when
//! it was made with `--no-owner`. Each such thing is said aloud in a note: nothing counts as the same without a word.

use super::CompileOptions;
use crate::catalog::{Catalog, Doubt, Entry, Grantee, Ident, ObjectId, Refers};
use crate::diagnostic::{Checked, Code, Diagnostic};
use crate::dialect::postgres::read::{ReadOptions, read_pair, runner};
use crate::dialect::postgres::{SUPERUSER, Zone, describe, write};
use crate::diff::{Attention, Change, Comparison};
use crate::pair::Pair;
use crate::scope::{Heed, Scope};
use crate::snapshot::{Snapshot, Told};
use crate::source::{SourceId, Sources, Span};
use crate::syntax::{dumped_from, shows_utc};
use std::collections::BTreeSet;

/// Both sides, and how they were read.
pub(super) type Readings = (Pair<Snapshot>, ReadOptions);

/// Reads both sides; once more when the dump beside a script tells what the script leaves open.
pub(super) fn read(sources: &Sources, ids: Pair<&[SourceId]>, options: &CompileOptions) -> Checked<Readings> {
    let mut read_options = ReadOptions {
        version: options.version,
        unmodelled: options.unmodelled,
        runner: options.role.as_deref().map(Ident::from),
        zone: Zone::Unknown,
    };
    let first = read_pair(sources, ids, read_options.clone());
    let mut notes = Vec::new();
    if !first.has_errors() {
        let pair = first.value.as_ref();
        if read_options.runner.is_none()
            && let Some(told) = runner(pair)
        {
            let message = format!(
                "the script does not say who runs it; it is taken to be {}",
                write::ident(&told)
            );
            notes.push(
                Diagnostic::note(Code::NotTold, message).detail(
                    "The dump names that role where the script leaves it open. Another role is said with --role.",
                ),
            );
            read_options.runner = Some(told);
        }
        if let Some(place) = time_without_zone(pair, sources, ids) {
            read_options.zone = Zone::Utc;
            let note = Diagnostic::note(Code::NotTold, "times without a zone are taken in UTC");
            notes.push(
                note.at(place)
                    .detail("The script does not say its TimeZone, and the dump shows its times in UTC."),
            );
        }
    }
    let mut read = first;
    if !notes.is_empty() {
        read = read_pair(sources, ids, read_options.clone());
        read.diagnostics.extend(notes);
    }
    read.diagnostics
        .extend(revoked_from_who_may_own(read.value.as_ref(), &options.scope));
    read.map(|snapshots| (snapshots, read_options))
}

/// Refuses a REVOKE on one side alone from the role that owns by convention what names no owner, when nothing was granted
/// to it: whether it takes away what owning gives or does nothing is said nowhere.
fn revoked_from_who_may_own(pair: Pair<&Snapshot>, scope: &Scope) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    for (side, other) in [(pair.from, pair.to), (pair.to, pair.from)] {
        for ((id, role), place) in &side.revoked_in_vain {
            let entry = side.catalog.get(id);
            // It is gone, unless nothing else is said of what the server or an extension makes.
            if entry.is_none() && !matches!(id, ObjectId::Provided(_)) {
                continue;
            }
            let grantee = Grantee::Role(role.clone());
            let holds = entry
                .and_then(|entry| entry.privileges.as_ref())
                .is_some_and(|privileges| privileges.held.contains_key(&grantee));
            let is_owned = entry.is_some_and(|entry| entry.owner.is_some());
            let is_open = role.as_str() == SUPERUSER && !is_owned && !matches!(id, ObjectId::Column(..));
            let is_same = other.revoked_in_vain.contains_key(&(id.clone(), role.clone()));
            let is_looked_at = scope.privileges != Heed::Ignored && scope.includes(&side.catalog, id);
            if !is_open || is_same || !is_looked_at || holds {
                continue;
            }
            let message = format!("whether {} owns {} is not said", write::ident(role), describe(id));
            found.push(Diagnostic::error(Code::UnsupportedClause, message).at(*place).hint(
                "From the owner a REVOKE takes away what owning gives, from any other role only what was granted. Write \
                 OWNER TO for the object, say with --role who runs the schema, or leave the role out of REVOKE.",
            ));
        }
    }
    found
}

/// Where a script leaves a zone open that the dump beside it tells.
fn time_without_zone(pair: Pair<&Snapshot>, sources: &Sources, ids: Pair<&[SourceId]>) -> Option<Span> {
    let (script, dump) = match pair.map(|side| side.told == Told::Script) {
        Pair { from: true, to: false } => (pair.from, ids.to),
        Pair { from: false, to: true } => (pair.to, ids.from),
        Pair { .. } => return None,
    };
    let open = script
        .catalog
        .iter()
        .find(|(_, entry)| doubts(entry).contains(&Doubt::TimeZone))?;
    let is_utc = dump.iter().all(|&id| shows_utc(sources.text(id)));
    is_utc.then(|| script.origins.get(open.0).copied()).flatten()
}

/// What the meaning of an object depends on besides the schema.
fn doubts(entry: &Entry) -> BTreeSet<Doubt> {
    let mut found = BTreeSet::new();
    entry.object.doubts(&mut |doubt| {
        found.insert(doubt);
    });
    found
}

/// Notes on objects that differ in their text, while it cannot be known whether they do in their meaning.
pub(super) fn unknown(pair: Pair<&Snapshot>, renamed: &Catalog, changes: &[Change]) -> Vec<Diagnostic> {
    let mut notes = Vec::new();
    for change in changes {
        let Change::Alter(id, _) = change else { continue };
        let entries = [renamed.get(id), pair.to.catalog.get(id)];
        let reasons: BTreeSet<Doubt> = entries.into_iter().flatten().flat_map(doubts).collect();
        if reasons.is_empty() {
            continue;
        }
        let message = format!("it cannot be known whether {} differs in its meaning", describe(id));
        let mut note = Diagnostic::note(Code::UnknownComparison, message);
        if let Some(place) = pair.to.origins.get(id).or_else(|| pair.from.origins.get(id)) {
            note = note.at(*place);
        }
        let reasons: Vec<&str> = reasons.into_iter().map(reason).collect();
        notes.push(note.detail(format!("It depends on {}.", reasons.join(", and on "))));
    }
    notes
}

fn reason(doubt: Doubt) -> &'static str {
    match doubt {
        Doubt::TimeZone => "the session's TimeZone: a time names no offset, such as +00",
        Doubt::DateStyle => "the session's DateStyle: a date is not in ISO form, such as 2026-01-31",
        Doubt::Now => "when it is run: 'now' and its kin are read once; now() is read each time",
        Doubt::Locale => "the server's lc_monetary",
        Doubt::Unresolved => "a function or operator that is not known",
    }
}

/// What counts as a difference: not what one of the sides cannot say.
pub(super) fn comparison(
    pair: Pair<&Snapshot>,
    options: &CompileOptions,
    diagnostics: &mut Vec<Diagnostic>,
) -> Comparison {
    let mut comparison = Comparison::of(&pair.to.catalog, options.version);
    let sides = [pair.from, pair.to];
    if options.scope.owners == Heed::Ignored {
        comparison.owners = Attention::Ignored;
    } else if pair.from.names_owners() && !pair.to.names_owners() && pair.to.told != Told::DumpWithoutOwners {
        if sides.iter().all(|side| side.told == Told::Script) {
            // Both are run by somebody: what the old one gives away and the new one does not is theirs again.
            comparison.owners = Attention::Compared;
        } else {
            diagnostics.push(Diagnostic::note(
                Code::NotTold,
                "owners are not compared: the wanted schema names none",
            ));
        }
    }
    if sides.iter().any(|side| side.told == Told::DumpWithoutOwners) {
        comparison.owners = Attention::Ignored;
        if sides.iter().any(|side| side.names_owners()) {
            diagnostics.push(Diagnostic::note(
                Code::NotTold,
                "owners are not compared: the dump was made with --no-owner",
            ));
        }
    }
    if sides.iter().any(|side| side.told != Told::Script) {
        comparison.extension_versions = Attention::Ignored;
        if sides.iter().any(|side| side.names_extension_versions()) {
            diagnostics.push(Diagnostic::note(
                Code::NotTold,
                "versions of extensions are not compared: a dump does not say them",
            ));
        }
    }
    comparison
}

/// Whether the names of NOT NULL constraints are compared: not with a dump of a server that keeps none.
pub(super) fn not_null_names(
    sources: &Sources,
    ids: Pair<&[SourceId]>,
    diagnostics: &mut Vec<Diagnostic>,
) -> Attention {
    let [mut from, mut to] = [ids.from, ids.to].map(|ids| ids.iter().filter_map(|&id| dumped_from(sources.text(id))));
    let Some(version) = from
        .find(|&version| version < NAMED)
        .or_else(|| to.find(|&version| version < NAMED))
    else {
        return Attention::Compared;
    };
    let message = format!("names of NOT NULL constraints are not compared: a dump of PostgreSQL {version} has none");
    diagnostics.push(Diagnostic::note(Code::NotTold, message));
    Attention::Ignored
}

/// The first major version that keeps NOT NULL as a constraint with a name.
const NAMED: u16 = 18;

#[cfg(test)]
mod tests {
    use crate::compile::{CompileOptions, compare};
    use crate::source::Sources;

    const TABLE: &str = "CREATE TABLE public.t (at timestamp with time zone) PARTITION BY RANGE (at);";

    fn partition(from: &str, to: &str) -> String {
        format!("{TABLE} CREATE TABLE public.p PARTITION OF public.t FOR VALUES FROM ('{from}') TO ('{to}');")
    }

    fn said(from: &str, to: &str) -> (usize, Vec<&'static str>) {
        let mut sources = Sources::new();
        let ids = [sources.add("from.sql", from), sources.add("to.sql", to)];
        let compared = compare(&sources, &ids[..1], &ids[1..], &CompileOptions::default());
        let changes = compared.value.map_or(usize::MAX, |compared| compared.changes.len());
        let codes = compared.diagnostics.iter().map(|diagnostic| diagnostic.code.number());
        (changes, codes.collect())
    }

    #[test]
    fn a_zone_that_nobody_says_is_unknown_unless_a_dump_tells_it() {
        let script = partition("2026-01-01", "2026-02-01");
        let utc = partition("2026-01-01 00:00:00+00", "2026-02-01 00:00:00+00");
        let dump = ["--\n-- PostgreSQL database dump\n--\n", &utc].concat();
        assert_eq!(said(&script, &utc), (1, vec!["U0401"]), "two scripts");
        assert_eq!(said(&script, &dump), (0, vec!["U0404"]), "the dump shows UTC");
        assert_eq!(said(&dump, &script), (0, vec!["U0404"]), "either way");
        let set = ["SET timezone = 'UTC'; ", &script].concat();
        assert_eq!(said(&set, &utc), (0, vec![]), "the script says it");
    }

    #[test]
    fn a_script_that_names_no_owner_differs_in_none() {
        let table = "CREATE TABLE public.t (a integer);";
        let owned = "ALTER TABLE public.t OWNER TO postgres;";
        let dump = ["--\n-- PostgreSQL database dump\n--\n", table, owned].concat();
        assert_eq!(
            said(&dump, table),
            (0, vec!["U0404"]),
            "schema public belongs to a role from the start"
        );
        assert_eq!(said(table, &dump), (0, vec!["U0404"]));
        let script = [table, owned].concat();
        assert_eq!(said(&script, table), (1, vec![]), "who runs the scripts owns it again");
        let public = [table, "ALTER SCHEMA public OWNER TO postgres;"].concat();
        assert_eq!(said(&public, table), (1, vec![]));
    }

    #[test]
    fn a_dump_of_an_old_server_has_no_names_of_not_null_constraints() {
        let table = "CREATE TABLE public.t (a integer";
        let parts = ") PARTITION BY LIST (a); CREATE TABLE public.p (a integer NOT NULL);
                     ALTER TABLE ONLY public.t ATTACH PARTITION public.p FOR VALUES IN (1);";
        let dump = |version: &str| {
            let head = format!("--\n-- PostgreSQL database dump\n--\n\n-- Dumped from database version {version}\n");
            [&head, table, " NOT NULL", parts].concat()
        };
        let new = [
            table,
            " NOT NULL); CREATE TABLE public.p PARTITION OF public.t FOR VALUES IN (1);",
        ]
        .concat()
        .replace(" NOT NULL);", " NOT NULL) PARTITION BY LIST (a);");
        assert_eq!(said(&dump("14.23"), &new), (0, vec!["U0404"]));
        assert_eq!(said(&new, &dump("17.1")), (0, vec!["U0404"]));
        assert_eq!(said(&dump("18.1"), &new), (1, vec![]), "the name is another");
    }

    #[test]
    fn a_revoke_from_who_may_own_is_refused_where_nobody_says_who_does() {
        let table = "CREATE TABLE t ();";
        let revoked = [table, "REVOKE INSERT ON t FROM postgres;"].concat();
        let refused = (usize::MAX, vec!["U0302"]);
        assert_eq!(said(table, &revoked), refused);
        assert_eq!(said(&revoked, ""), refused);
        assert_eq!(said(&revoked, &revoked), (0, vec![]), "whatever it means");
        let granted = [&revoked, "GRANT SELECT ON t TO postgres;"].concat();
        assert_eq!(said(table, &granted).0, 1, "a difference by itself");
        let other = [table, "REVOKE INSERT ON t FROM app;"].concat();
        assert_eq!(said(table, &other), (0, vec![]));
        let owned = [table, "ALTER TABLE t OWNER TO app; REVOKE INSERT ON t FROM postgres;"].concat();
        assert_eq!(
            said(&[table, "ALTER TABLE t OWNER TO app;"].concat(), &owned),
            (0, vec![])
        );
        assert_eq!(said("", "REVOKE INSERT ON pg_class FROM postgres;"), refused);
    }

    #[test]
    fn a_word_that_is_read_once_is_unknown() {
        let now = "CREATE TABLE t (a timestamptz DEFAULT 'NOW()'::timestamptz);";
        let then = "CREATE TABLE t (a timestamptz DEFAULT '2026-01-01 00:00:00+00'::timestamptz);";
        assert_eq!(said(now, then), (1, vec!["U0401"]));
        assert_eq!(said(now, now), (0, vec![]));
    }
}
