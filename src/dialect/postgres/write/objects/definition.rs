//! Objects that are kept by their definition: `CREATE kind name body`, clause by clause.

use super::{if_not_exists, or_replace};
use crate::catalog::definition::{Clause, ClauseName, Definition};
use crate::catalog::{DefinitionId, DefinitionKind, ObjectId};
use crate::dialect::postgres::action::Create;
use crate::dialect::postgres::write::identity::{created_name, definition_words};
use crate::dialect::postgres::write::quote::word;
use crate::dialect::postgres::write::{identity, qualified, template};

/// `CREATE …` of an object kept by its definition; an aggregate stands under a routine's identity.
pub fn create(create: &Create, definition: &Definition) -> String {
    let body = template(&definition.body);
    match &create.id {
        ObjectId::Definition(id) => of_kind(create, id, definition, &body),
        ObjectId::Routine(name, _) => {
            format!("CREATE {}AGGREGATE {}{body}", or_replace(create.mode), qualified(name))
        }
        // No other identity has a definition; what is written says so when it is parsed.
        other => format!("CREATE {}", identity(other)),
    }
}

/// One clause as ALTER writes it, after `ALTER kind name`; `None` for one that cannot be altered.
pub fn alter(id: &DefinitionId, from: Option<&Clause>, to: Option<&Clause>) -> Option<String> {
    let clause = to.or(from)?;
    let key = clause.key.as_deref().map(word).unwrap_or_default();
    let value = to.map(|to| template(&to.value));
    let text = match clause.name {
        ClauseName::Trusted | ClauseName::Default | ClauseName::Type => return None,
        ClauseName::Version => format!("VERSION {}", value.unwrap_or_else(|| "NULL".to_owned())),
        ClauseName::Handler => value.map_or("NO HANDLER".to_owned(), |value| format!("HANDLER {value}")),
        ClauseName::Validator => value.map_or("NO VALIDATOR".to_owned(), |value| format!("VALIDATOR {value}")),
        ClauseName::Connection => format!("CONNECTION {}", value?),
        // A refresh asks the other server and cannot stand in a transaction.
        ClauseName::Publications => format!("SET PUBLICATION {} WITH (refresh = false)", value?),
        ClauseName::Tables => format!("SET {}", value?),
        ClauseName::Option => match (from, value) {
            (None, Some(value)) => format!("OPTIONS (ADD {key} {value})"),
            (Some(_), Some(value)) => format!("OPTIONS (SET {key} {value})"),
            (_, None) => format!("OPTIONS (DROP {key})"),
        },
        ClauseName::Parameter => match (id.kind, value) {
            // A dictionary's parameter is taken away by naming it without a value.
            (DefinitionKind::TextSearchDictionary, Some(value)) => format!("({key} = {value})"),
            (DefinitionKind::TextSearchDictionary, None) => format!("({key})"),
            (_, Some(value)) => format!("SET ({key} = {value})"),
            (_, None) => return None,
        },
        ClauseName::Mapping => match (from, value) {
            (None, Some(value)) => format!("ADD MAPPING FOR {key} WITH {value}"),
            (Some(_), Some(value)) => format!("ALTER MAPPING FOR {key} WITH {value}"),
            (_, None) => format!("DROP MAPPING FOR {key}"),
        },
        // The key is what DROP says, quoted already; a member cannot be changed in place.
        ClauseName::Member => match (from, value) {
            (None, Some(value)) => format!("ADD {value}"),
            (Some(_), Some(_)) => return None,
            (_, None) => format!("DROP {}", clause.key.as_deref().unwrap_or_default()),
        },
        // -1 is the default target on every version.
        ClauseName::StatisticsTarget => format!("SET STATISTICS {}", value.unwrap_or_else(|| "-1".to_owned())),
        ClauseName::Firing => value.unwrap_or_else(|| "ENABLE".to_owned()),
    };
    Some(text)
}

fn of_kind(create: &Create, id: &DefinitionId, definition: &Definition, body: &str) -> String {
    let clauses = &definition.clauses;
    let mut text = "CREATE ".to_owned();
    text.push_str(or_replace(create.mode));
    if find(clauses, ClauseName::Trusted).is_some() {
        text.push_str("TRUSTED ");
    }
    if find(clauses, ClauseName::Default).is_some() {
        text.push_str("DEFAULT ");
    }
    text.push_str(&format!(
        "{} {}{}",
        definition_words(id.kind),
        if_not_exists(create.guard),
        created_name(id)
    ));
    for (name, keyword) in [
        (ClauseName::Type, "TYPE"),
        (ClauseName::Version, "VERSION"),
        (ClauseName::Handler, "HANDLER"),
        (ClauseName::Validator, "VALIDATOR"),
        (ClauseName::Connection, "CONNECTION"),
        (ClauseName::Publications, "PUBLICATION"),
        (ClauseName::Tables, "FOR"),
    ] {
        if let Some(clause) = find(clauses, name) {
            text.push_str(&format!(" {keyword} {}", template(&clause.value)));
        }
    }
    let mut parameters = listed(clauses, ClauseName::Parameter, " = ");
    match id.kind {
        DefinitionKind::TextSearchDictionary => {
            let mut options = vec![format!("TEMPLATE = {body}")];
            options.extend(parameters);
            text.push_str(&format!(" ({})", options.join(", ")));
            return text;
        }
        DefinitionKind::TextSearchConfiguration => {
            text.push_str(&format!(" (PARSER = {body})"));
            return text;
        }
        DefinitionKind::Language
        | DefinitionKind::AccessMethod
        | DefinitionKind::Collation
        | DefinitionKind::Conversion
        | DefinitionKind::TextSearchParser
        | DefinitionKind::TextSearchTemplate
        | DefinitionKind::Operator
        | DefinitionKind::OperatorFamily
        | DefinitionKind::OperatorClass
        | DefinitionKind::Cast
        | DefinitionKind::Transform
        | DefinitionKind::ForeignDataWrapper
        | DefinitionKind::Server
        | DefinitionKind::UserMapping
        | DefinitionKind::Statistics
        | DefinitionKind::Publication
        | DefinitionKind::EventTrigger => {}
        // In a transaction no replication slot can be made, so nothing may be asked of the other server yet.
        DefinitionKind::Subscription => parameters.insert(0, "connect = false".to_owned()),
    }
    if !body.is_empty() {
        text.push_str(&format!(" {body}"));
    }
    if !parameters.is_empty() {
        text.push_str(&format!(" WITH ({})", parameters.join(", ")));
    }
    let options = listed(clauses, ClauseName::Option, " ");
    if !options.is_empty() {
        text.push_str(&format!(" OPTIONS ({})", options.join(", ")));
    }
    text
}

fn find(clauses: &[Clause], name: ClauseName) -> Option<&Clause> {
    clauses.iter().find(|clause| clause.name == name)
}

/// `key value` of every clause of one name.
fn listed(clauses: &[Clause], name: ClauseName, between: &str) -> Vec<String> {
    clauses
        .iter()
        .filter(|clause| clause.name == name)
        .map(|clause| {
            let key = clause.key.as_deref().map(word).unwrap_or_default();
            format!("{key}{between}{}", template(&clause.value))
        })
        .collect()
}
