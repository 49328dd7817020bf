//! Actions to statements: one action, one statement, without its semicolon.

use super::identity::{identity, subject, words};
use super::objects::{self, definition, routine, sequence, trigger, types};
use super::quote::{ident, idents, literal, qualified};
use super::{alter_table, backfill, dollar_quote, grant, template, verify};
use crate::catalog::types::Attribute;
use crate::catalog::{ObjectId, QualifiedName};
use crate::dialect::postgres::action::{
    Action, AttributeForm, Concurrency, Dependence, DomainForm, EnumPosition, ExtensionForm, Guard, Kind, RoutineForm,
    SequencePosition, Subject,
};
use std::sync::Arc;

/// The text of an action for servers of a major version.
pub fn action(action: &Action, version: u16) -> String {
    match action {
        Action::Create(create) => objects::create(create, version),
        Action::Drop {
            subject,
            concurrency,
            guard,
        } => drop(subject, *concurrency, *guard),
        Action::Rename { subject, to } => rename(subject, to),
        Action::SetSchema { subject: what, schema } => {
            format!("ALTER {} SET SCHEMA {}", subject(what), ident(schema))
        }
        Action::AlterTable(alter) => alter_table::alter_table(alter, version),
        Action::AttachIndex { parent, index } => format!(
            "ALTER INDEX {} ATTACH PARTITION {}",
            index_name(parent),
            index_name(index)
        ),
        Action::AlterSequence { sequence, forms } => {
            let forms: Vec<String> = forms.iter().map(sequence::form).collect();
            format!("ALTER SEQUENCE {} {}", identity(sequence), forms.join(" "))
        }
        Action::SetOwnedBy { sequence, column } => {
            let owner = column.as_ref().map_or("NONE".to_owned(), identity);
            format!("ALTER SEQUENCE {} OWNED BY {owner}", identity(sequence))
        }
        Action::SetSequenceValue { sequence, position } => set_sequence_value(sequence, position),
        Action::AddEnumValue {
            enum_type,
            label,
            position,
            guard,
        } => {
            let place = match position {
                EnumPosition::Last => String::new(),
                EnumPosition::Before(other) => format!(" BEFORE {}", literal(other)),
                EnumPosition::After(other) => format!(" AFTER {}", literal(other)),
            };
            let guard = objects::if_not_exists(*guard);
            format!(
                "ALTER TYPE {} ADD VALUE {guard}{}{place}",
                identity(enum_type),
                literal(label)
            )
        }
        Action::RenameEnumValue { enum_type, from, to } => format!(
            "ALTER TYPE {} RENAME VALUE {} TO {}",
            identity(enum_type),
            literal(from),
            literal(to)
        ),
        Action::AlterDomain { domain, form } => format!("ALTER DOMAIN {} {}", identity(domain), domain_form(form)),
        Action::AlterComposite { composite, forms } => {
            let forms: Vec<String> = forms.iter().map(attribute_form).collect();
            format!("ALTER TYPE {} {}", identity(composite), forms.join(", "))
        }
        Action::DropTypeWithFunctions { subject, .. } => format!("DROP {} CASCADE", super::identity::subject(subject)),
        Action::RenameAttribute { composite, from, to } => format!(
            "ALTER TYPE {} RENAME ATTRIBUTE {} TO {}",
            identity(composite),
            ident(from),
            ident(to)
        ),
        Action::AlterRoutine { routine, forms } => {
            let forms: Vec<String> = forms.iter().map(routine_form).collect();
            format!("ALTER {} {}", subject(routine), forms.join(" "))
        }
        Action::AlterPolicy {
            policy,
            roles,
            using,
            check,
        } => {
            let mut text = format!("ALTER POLICY {}", identity(policy));
            if let Some(roles) = roles {
                text.push_str(&format!("\n    TO {}", trigger::roles(roles)));
            }
            if let Some(using) = using {
                text.push_str(&format!("\n    USING ({})", template(using)));
            }
            if let Some(check) = check {
                text.push_str(&format!("\n    WITH CHECK ({})", template(check)));
            }
            text
        }
        Action::AlterDefinition { id, from, to } => alter_definition(id, from.as_ref(), to.as_ref()),
        Action::AlterExtension { extension, form } => {
            let form = match form {
                ExtensionForm::Update(Some(version)) => format!("UPDATE TO {}", literal(version)),
                ExtensionForm::Update(None) => "UPDATE".to_owned(),
                ExtensionForm::SetSchema(schema) => format!("SET SCHEMA {}", ident(schema)),
            };
            format!("ALTER EXTENSION {} {form}", ident(extension))
        }
        Action::SetOwner { subject: what, owner } => {
            let owner = owner.as_ref().map_or("CURRENT_USER".to_owned(), ident);
            format!("ALTER {} OWNER TO {owner}", subject(what))
        }
        Action::Comment { subject: what, comment } => {
            format!("COMMENT ON {} IS {}", subject(what), literal_or_null(comment.as_ref()))
        }
        Action::ChangePrivileges { subject, owner, change } => grant::on_object(subject, owner.as_ref(), change),
        Action::ChangeDefaultPrivileges { id, change } => grant::by_default(id, change),
        Action::SecurityLabel {
            subject: what,
            provider,
            label,
        } => format!(
            "SECURITY LABEL FOR {} ON {} IS {}",
            ident(provider),
            subject(what),
            literal_or_null(label.as_ref())
        ),
        Action::DependOnExtension {
            subject: what,
            extension,
            dependence,
        } => {
            let no = match dependence {
                Dependence::Depends => "",
                Dependence::Independent => "NO ",
            };
            format!("ALTER {} {no}DEPENDS ON EXTENSION {}", subject(what), ident(extension))
        }
        Action::Refresh { view, concurrency } => {
            let concurrently = concurrently(*concurrency);
            format!("REFRESH MATERIALIZED VIEW {concurrently}{}", identity(view))
        }
        Action::Reindex { index } => format!("REINDEX INDEX CONCURRENTLY {}", index_name(index)),
        Action::LockTable { relations, mode } => {
            let relations: Vec<String> = relations.iter().map(identity).collect();
            format!("LOCK TABLE {} IN {} MODE", relations.join(", "), mode.words())
        }
        Action::Analyze { relation, columns } => {
            let columns = if columns.is_empty() {
                String::new()
            } else {
                format!(" ({})", idents(columns))
            };
            format!("ANALYZE {}{columns}", identity(relation))
        }
        Action::SetLocal { name, value } => format!("SET LOCAL {name} TO {}", literal(value)),
        Action::Backfill(wanted) => backfill::backfill(wanted),
        Action::Verify(expectation) => verify::verify(expectation),
        Action::DropInvalidIndex { index, table: _ } => {
            format!("DROP INDEX CONCURRENTLY IF EXISTS {}", index_name(index))
        }
        Action::Raise { message } => {
            let body = format!("\nBEGIN\n    {}\nEND\n", verify::raise(message));
            format!("DO {}", dollar_quote(&body))
        }
    }
}

/// The relation name of an index, or of the index behind a key constraint.
pub(super) fn index_name(id: &ObjectId) -> String {
    match id {
        ObjectId::Constraint(relation, name) => qualified(&relation.with_name(name.clone())),
        other => identity(other),
    }
}

fn drop(what: &Subject, concurrency: Concurrency, guard: Guard) -> String {
    let guard = match guard {
        Guard::IfNeeded => "IF EXISTS ",
        Guard::None => "",
    };
    let name = ident(&what.id.last_name());
    let whole = what.id.qualified_name().map(qualified).unwrap_or_default();
    match what.kind {
        Kind::Column => format!("ALTER TABLE {whole} DROP COLUMN {guard}{name}"),
        Kind::Default => format!("ALTER TABLE {whole} ALTER COLUMN {name} DROP DEFAULT"),
        Kind::Constraint => format!("ALTER TABLE {whole} DROP CONSTRAINT {guard}{name}"),
        Kind::DomainConstraint => format!("ALTER DOMAIN {whole} DROP CONSTRAINT {guard}{name}"),
        Kind::Schema
        | Kind::Extension
        | Kind::Table
        | Kind::ForeignTable
        | Kind::View
        | Kind::MaterializedView
        | Kind::Index
        | Kind::Sequence
        | Kind::Type
        | Kind::Domain
        | Kind::Function
        | Kind::Procedure
        | Kind::Aggregate
        | Kind::Trigger
        | Kind::Rule
        | Kind::Policy
        | Kind::DefaultPrivileges
        | Kind::Definition(_) => {
            let text = subject(what);
            let words = words(what.kind);
            let name = text.strip_prefix(words).unwrap_or(&text).trim_start();
            format!("DROP {words} {}{guard}{name}", concurrently(concurrency))
        }
    }
}

fn rename(what: &Subject, to: &ObjectId) -> String {
    let name = ident(&what.id.last_name());
    let whole = what.id.qualified_name().map(qualified).unwrap_or_default();
    let to = ident(&to.last_name());
    match what.kind {
        Kind::Column | Kind::Default => format!("ALTER TABLE {whole} RENAME COLUMN {name} TO {to}"),
        Kind::Constraint => format!("ALTER TABLE {whole} RENAME CONSTRAINT {name} TO {to}"),
        Kind::DomainConstraint => format!("ALTER DOMAIN {whole} RENAME CONSTRAINT {name} TO {to}"),
        Kind::Schema
        | Kind::Extension
        | Kind::Table
        | Kind::ForeignTable
        | Kind::View
        | Kind::MaterializedView
        | Kind::Index
        | Kind::Sequence
        | Kind::Type
        | Kind::Domain
        | Kind::Function
        | Kind::Procedure
        | Kind::Aggregate
        | Kind::Trigger
        | Kind::Rule
        | Kind::Policy
        | Kind::DefaultPrivileges
        | Kind::Definition(_) => format!("ALTER {} RENAME TO {to}", subject(what)),
    }
}

fn set_sequence_value(sequence: &ObjectId, position: &SequencePosition) -> String {
    let name = literal(&identity(sequence));
    match position {
        SequencePosition::Behind(column) => {
            let relation = column.qualified_name().map(qualified).unwrap_or_default();
            let column = ident(&column.last_name());
            // The third argument says whether the value is used up: of an empty table it is not.
            format!(
                "SELECT pg_catalog.setval({name}, coalesce(max({column}), 1), max({column}) IS NOT NULL) FROM {relation}"
            )
        }
        SequencePosition::As(other) => format!(
            "SELECT pg_catalog.setval({name}, last_value, is_called) FROM {}",
            identity(other)
        ),
    }
}

fn domain_form(form: &DomainForm) -> String {
    match form {
        DomainForm::Default(Some(default)) => format!("SET DEFAULT {}", template(default)),
        DomainForm::Default(None) => "DROP DEFAULT".to_owned(),
        DomainForm::SetNotNull(None) => "SET NOT NULL".to_owned(),
        DomainForm::SetNotNull(Some(name)) => format!("ADD CONSTRAINT {} NOT NULL", ident(name)),
        DomainForm::DropNotNull => "DROP NOT NULL".to_owned(),
        DomainForm::AddConstraint {
            id,
            expression,
            validation,
        } => format!(
            "ADD CONSTRAINT {} CHECK ({}){}",
            ident(&id.last_name()),
            template(expression),
            objects::constraint::validation(*validation)
        ),
        DomainForm::ValidateConstraint(name) => format!("VALIDATE CONSTRAINT {}", ident(name)),
        DomainForm::DropConstraint(name) => format!("DROP CONSTRAINT {}", ident(name)),
    }
}

fn attribute_form(form: &AttributeForm) -> String {
    match form {
        AttributeForm::Add(attribute) => format!("ADD ATTRIBUTE {}", types::attribute(attribute)),
        AttributeForm::Drop(name) => format!("DROP ATTRIBUTE {}", ident(name)),
        AttributeForm::Alter(attribute) => {
            let Attribute {
                name,
                data_type,
                collation,
                comment: _,
            } = attribute;
            let collation = collation.as_ref().map(objects::column::collate).unwrap_or_default();
            format!(
                "ALTER ATTRIBUTE {} TYPE {}{collation}",
                ident(name),
                super::data_type(data_type)
            )
        }
    }
}

fn routine_form(form: &RoutineForm) -> String {
    match form {
        RoutineForm::Volatility(value) => routine::volatility(*value).to_owned(),
        RoutineForm::NullInput(value) => routine::null_input(*value).to_owned(),
        RoutineForm::Security(value) => routine::security(*value).to_owned(),
        RoutineForm::Leakproof(value) => routine::leakproof(*value).to_owned(),
        RoutineForm::Parallel(value) => routine::parallel(*value).to_owned(),
        RoutineForm::Cost(value) => format!("COST {value}"),
        RoutineForm::Rows(value) => format!("ROWS {value}"),
        RoutineForm::Support(function) => format!("SUPPORT {}", template(function)),
        RoutineForm::Set(name, value) => format!("SET {} TO {value}", routine::setting_name(name)),
        RoutineForm::Reset(name) => format!("RESET {}", routine::setting_name(name)),
    }
}

fn alter_definition(
    id: &ObjectId,
    from: Option<&crate::catalog::definition::Clause>,
    to: Option<&crate::catalog::definition::Clause>,
) -> String {
    let ObjectId::Definition(definition) = id else {
        return String::new();
    };
    let name = format!(
        "{} {}",
        super::identity::definition_words(definition.kind),
        identity(id)
    );
    definition::alter(definition, from, to)
        .map(|form| format!("ALTER {name} {form}"))
        .unwrap_or_default()
}

fn concurrently(concurrency: Concurrency) -> &'static str {
    match concurrency {
        Concurrency::Concurrently => "CONCURRENTLY ",
        Concurrency::Blocking => "",
    }
}

fn literal_or_null(text: Option<&Arc<str>>) -> String {
    text.map_or("NULL".to_owned(), |text| literal(text))
}

/// The name that a relation's columns stand behind in a query over it.
pub(super) fn alias(relation: &ObjectId) -> String {
    ident(
        &relation
            .qualified_name()
            .map_or_else(|| relation.last_name(), |QualifiedName { name, .. }| name.clone()),
    )
}
