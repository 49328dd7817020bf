//! SET, RESET and set_config: the settings of the session (PostgreSQL manual, "Server Configuration").
//!
//! Knows which settings decide what later statements mean, which have no bearing on the schema, and why. A setting that
//! is neither is passed over with a note.

use super::ast::{NodeEnum, VariableSetKind, VariableSetStmt, a_const};
use super::routine_attributes::setting_item;
use super::settings::Settings;
use super::{Applied, Interpreter, ast};
use crate::catalog::{Ident, ObjectId};
use crate::diagnostic::{Code, Diagnostic};
use crate::dialect::postgres::Zone;

/// Why a setting has no bearing on the schema.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Harmless {
    /// It bounds how long a statement may take or wait.
    Timeout,
    /// It decides what the client is sent.
    Client,
    /// It decides how much memory, how many workers, which plan.
    Resources,
    /// It decides what is checked when a function is made, or how rows are read.
    Checks,
    /// It decides how changes of rows are carried out.
    Rows,
}

/// The settings that have no bearing on the schema, each with the reason.
const HARMLESS: &[(&str, Harmless)] = &[
    ("statement_timeout", Harmless::Timeout),
    ("lock_timeout", Harmless::Timeout),
    ("idle_in_transaction_session_timeout", Harmless::Timeout),
    ("idle_session_timeout", Harmless::Timeout),
    ("transaction_timeout", Harmless::Timeout),
    ("deadlock_timeout", Harmless::Timeout),
    ("client_encoding", Harmless::Client),
    ("names", Harmless::Client),
    ("client_min_messages", Harmless::Client),
    ("log_min_messages", Harmless::Client),
    ("log_statement", Harmless::Client),
    ("log_min_duration_statement", Harmless::Client),
    ("application_name", Harmless::Client),
    ("bytea_output", Harmless::Client),
    ("extra_float_digits", Harmless::Client),
    ("escape_string_warning", Harmless::Client),
    ("quote_all_identifiers", Harmless::Client),
    ("work_mem", Harmless::Resources),
    ("maintenance_work_mem", Harmless::Resources),
    ("temp_buffers", Harmless::Resources),
    ("max_parallel_workers", Harmless::Resources),
    ("max_parallel_workers_per_gather", Harmless::Resources),
    ("max_parallel_maintenance_workers", Harmless::Resources),
    ("effective_cache_size", Harmless::Resources),
    ("effective_io_concurrency", Harmless::Resources),
    ("jit", Harmless::Resources),
    ("enable_seqscan", Harmless::Resources),
    ("enable_indexscan", Harmless::Resources),
    ("enable_bitmapscan", Harmless::Resources),
    ("enable_hashjoin", Harmless::Resources),
    ("enable_mergejoin", Harmless::Resources),
    ("enable_nestloop", Harmless::Resources),
    ("enable_partition_pruning", Harmless::Resources),
    ("enable_partitionwise_join", Harmless::Resources),
    ("enable_partitionwise_aggregate", Harmless::Resources),
    ("constraint_exclusion", Harmless::Resources),
    ("random_page_cost", Harmless::Resources),
    ("check_function_bodies", Harmless::Checks),
    ("row_security", Harmless::Checks),
    ("xmloption", Harmless::Checks),
    ("default_with_oids", Harmless::Checks),
    ("default_toast_compression", Harmless::Checks),
    ("default_text_search_config", Harmless::Checks),
    ("allow_in_place_tablespaces", Harmless::Checks),
    ("session_replication_role", Harmless::Rows),
    ("synchronous_commit", Harmless::Rows),
    ("default_transaction_isolation", Harmless::Rows),
    ("default_transaction_read_only", Harmless::Rows),
    ("transaction_isolation", Harmless::Rows),
    ("transaction", Harmless::Rows),
    ("session characteristics", Harmless::Rows),
];

impl Interpreter {
    pub(super) fn set_variable(&mut self, statement: &VariableSetStmt) -> Applied {
        let name = statement.name.to_lowercase();
        let values: Option<Vec<String>> = statement.args.iter().map(setting_item).collect();
        let before = self.settings.clone();
        match statement.kind() {
            VariableSetKind::VarSetValue => match values {
                Some(values) => self.set_to(&name, &values, statement.location)?,
                None if is_harmless(&name) => {}
                None => self.set_to(&name, &[], statement.location)?,
            },
            VariableSetKind::VarSetDefault | VariableSetKind::VarReset => self.settings.reset(&name),
            VariableSetKind::VarResetAll => self.settings.reset_all(),
            // FROM CURRENT says nothing new here; SET TRANSACTION and its kin are about isolation.
            VariableSetKind::VarSetCurrent | VariableSetKind::VarSetMulti | VariableSetKind::Undefined => {}
        }
        if statement.is_local {
            self.settings.end_with_transaction(before);
        }
        Ok(())
    }

    /// set_config(name, value, is_local) with constants.
    pub(super) fn set_config(&mut self, arguments: &[ast::Node], location: i32) -> Applied {
        let text = |node: &ast::Node| match node.node.as_ref() {
            Some(NodeEnum::TypeCast(cast)) => cast.arg.as_deref().and_then(setting_item),
            _ => setting_item(node),
        };
        let (Some(name), Some(value), local) = (
            arguments.first().and_then(text),
            arguments.get(1).and_then(text),
            arguments.get(2),
        ) else {
            return Err(self.error(
                Code::EffectNotUnderstood,
                location,
                "set_config of a value that is no constant cannot be followed",
            ));
        };
        let name = name.to_lowercase();
        let before = self.settings.clone();
        // A list is given as one text here, and as items in SET.
        let values = if name == "search_path" {
            split_identifiers(&value)
        } else {
            vec![value]
        };
        self.set_to(&name, &values, location)?;
        if local.is_some_and(is_true) {
            self.settings.end_with_transaction(before);
        }
        Ok(())
    }

    fn set_to(&mut self, name: &str, values: &[String], location: i32) -> Applied {
        let first = values.first().map(String::as_str).unwrap_or_default();
        match name {
            "search_path" => {
                let role = self.settings.role.clone();
                self.settings.search_path = values
                    .iter()
                    .filter_map(|schema| match schema.as_str() {
                        "" => None,
                        // The schema of the role's own name, when there is one.
                        "$user" => role
                            .clone()
                            .filter(|role| self.catalog.contains(&ObjectId::Schema(role.clone()))),
                        schema => Some(Ident::from(schema)),
                    })
                    .collect();
            }
            "role" | "session_authorization" => {
                let named = (first != "none" && !first.is_empty()).then(|| Ident::from(first));
                self.names_owners |= named.is_some();
                self.settings.role = named.and_then(|role| self.unless_runner(role));
            }
            "default_tablespace" => {
                self.settings.tablespace = (!first.is_empty()).then(|| Ident::from(first));
            }
            "default_table_access_method" => {
                self.settings.access_method = (!first.is_empty() && first != "heap").then(|| Ident::from(first));
            }
            "timezone" | "time zone" => {
                let is_utc = ["utc", "gmt", "etc/utc", "0", "zulu"].contains(&first.to_lowercase().as_str());
                self.settings.zone = Some(if is_utc { Zone::Utc } else { Zone::Unknown });
                if !is_utc {
                    self.note_unknown_setting("timezone", location);
                }
            }
            "standard_conforming_strings" => {
                if is_off(first) {
                    return Err(self.error(
                        Code::UnsupportedClause,
                        location,
                        "standard_conforming_strings = off is not supported",
                    ));
                }
            }
            "transform_null_equals" => {
                if !is_off(first) {
                    return Err(self.error(
                        Code::UnsupportedClause,
                        location,
                        "transform_null_equals = on is not supported",
                    ));
                }
            }
            name if is_harmless(name) => {}
            name => self.note_unknown_setting(name, location),
        }
        Ok(())
    }

    fn note_unknown_setting(&mut self, name: &str, location: i32) {
        let mut note = Diagnostic::note(Code::SettingSkipped, format!("setting \"{name}\" was skipped"));
        if matches!(
            name,
            "timezone" | "datestyle" | "intervalstyle" | "lc_monetary" | "lc_time"
        ) {
            note = note.detail("It decides what some literals mean; literals are compared as they are written.");
        }
        self.diagnostics.push(note.at(self.place(location)));
    }
}

impl Settings {
    /// RESET name.
    fn reset(&mut self, name: &str) {
        let fresh = Settings::default();
        match name {
            "search_path" => self.search_path = fresh.search_path,
            "role" | "session_authorization" => self.role = fresh.role,
            "timezone" => self.zone = fresh.zone,
            "default_tablespace" => self.tablespace = fresh.tablespace,
            "default_table_access_method" => self.access_method = fresh.access_method,
            _ => {}
        }
    }

    /// RESET ALL, which leaves the role alone.
    pub(super) fn reset_all(&mut self) {
        for name in [
            "search_path",
            "timezone",
            "default_tablespace",
            "default_table_access_method",
        ] {
            self.reset(name);
        }
    }
}

fn is_harmless(name: &str) -> bool {
    HARMLESS.iter().any(|(known, _)| *known == name)
}

fn is_off(value: &str) -> bool {
    ["off", "false", "no", "0", "f", "n", "of"].contains(&value.to_lowercase().as_str())
}

fn is_true(node: &ast::Node) -> bool {
    match node.node.as_ref() {
        Some(NodeEnum::AConst(constant)) => matches!(
            &constant.val,
            Some(a_const::Val::Boolval(value)) if value.boolval
        ),
        Some(NodeEnum::TypeCast(cast)) => cast
            .arg
            .as_deref()
            .and_then(setting_item)
            .is_some_and(|text| !is_off(&text)),
        _ => false,
    }
}

/// Identifiers with commas between them, folded unless quoted (`SplitIdentifierString` in `varlena.c`).
fn split_identifiers(text: &str) -> Vec<String> {
    let mut identifiers = Vec::new();
    let mut current = String::new();
    let mut characters = text.chars().peekable();
    while let Some(character) = characters.next() {
        match character {
            ',' => identifiers.push(std::mem::take(&mut current)),
            '"' => {
                while let Some(inner) = characters.next() {
                    if inner != '"' {
                        current.push(inner);
                    } else if characters.peek() == Some(&'"') {
                        characters.next();
                        current.push('"');
                    } else {
                        break;
                    }
                }
            }
            other if other.is_whitespace() => {}
            other => current.extend(other.to_lowercase()),
        }
    }
    identifiers.push(current);
    identifiers
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dialect::postgres::read::testing::{assert_same, errors};

    #[test]
    fn identifiers_in_a_text_are_folded_unless_quoted() {
        assert_eq!(split_identifiers("App, \"Two, \"\"x\"\"\""), ["app", "Two, \"x\""]);
        assert_eq!(split_identifiers(""), [""]);
    }

    #[test]
    fn no_setting_stands_twice_in_the_list() {
        let mut names: Vec<&str> = HARMLESS.iter().map(|(name, _)| *name).collect();
        names.sort_unstable();
        assert!(names.is_sorted_by(|left, right| left < right));
    }

    #[test]
    fn the_search_path_is_followed_however_it_is_set() {
        let schema = "CREATE SCHEMA app;";
        let wanted = "CREATE SCHEMA app; CREATE TABLE app.t (a int);";
        for set in [
            "SET search_path = app, public;",
            "SELECT pg_catalog.set_config('search_path', 'App', false);",
            "BEGIN; SET LOCAL search_path TO app;",
        ] {
            assert_same(&[schema, set, "CREATE TABLE t (a int);"].concat(), wanted);
        }
        assert_same(
            &[
                schema,
                "BEGIN; SET LOCAL search_path TO app; COMMIT; CREATE TABLE t (a int);",
            ]
            .concat(),
            "CREATE SCHEMA app; CREATE TABLE t (a int);",
        );
    }

    #[test]
    fn an_unknown_setting_is_named() {
        assert_eq!(
            errors("SET my.mode = 'x'; SET lock_timeout = 0;"),
            ["setting \"my.mode\" was skipped"]
        );
    }
}
