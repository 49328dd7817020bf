//! CREATE SEQUENCE, ALTER SEQUENCE, and the sequences behind serial and identity columns.
//!
//! Knows how PostgreSQL fills in a sequence's options (`sequence.c`, `init_params`) and who owns a sequence.

use super::lookup::shown_name;
use super::options::{definition_name, definition_number};
use super::{Applied, Created, Existing, Interpreter, ast};
use crate::catalog::sequence::{Cycle, Sequence, SequenceOptions};
use crate::catalog::table::Persistence;
use crate::catalog::{DataType, Ident, Object, ObjectId, QualifiedName};
use crate::diagnostic::Code;
use ast::NodeEnum;

/// What a list of sequence options says, defaults not filled in.
#[derive(Clone, Debug, Default)]
pub(super) struct Said {
    data_type: Option<DataType>,
    start: Option<i64>,
    increment: Option<i64>,
    minimum: Bound,
    maximum: Bound,
    cache: Option<i64>,
    cycle: Option<Cycle>,
    persistence: Option<Persistence>,
    owner: Option<Owner>,
    /// SEQUENCE NAME of an identity column as written: schema and name.
    name: Option<(String, String)>,
    location: i32,
}

/// What is said of MINVALUE or MAXVALUE.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Bound {
    #[default]
    Unsaid,
    No,
    Value(i64),
}

/// What OWNED BY says.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Owner {
    None,
    Column(ObjectId),
}

impl Interpreter {
    /// CREATE SEQUENCE.
    pub(super) fn create_sequence(&mut self, statement: &ast::CreateSeqStmt) -> Applied {
        let Some(range) = &statement.sequence else {
            return Err(self.refuse(-1, "a sequence without a name"));
        };
        let mut persistence = self.persistence(range)?;
        let name = self.new_name(&range.schemaname, &range.relname, range.location)?;
        if self.relation_name_taken(&name) {
            return match statement.if_not_exists {
                true => Ok(()),
                false => Err(self.relation_exists(&name, range.location)),
            };
        }
        let said = self.sequence_options(&statement.options)?;
        let options = self.resolve_sequence(None, &said)?;
        if let Some(said) = said.persistence {
            persistence = said;
        }
        let owned_by = match said.owner {
            Some(Owner::Column(column)) => Some(column),
            Some(Owner::None) | None => None,
        };
        self.check_owned_by(&name, owned_by.as_ref(), range.location)?;
        let sequence = Sequence {
            persistence,
            options,
            owned_by,
        };
        let id = ObjectId::Relation(name);
        self.note_owned_sequence(sequence.owned_by.as_ref(), &id);
        self.create(
            id,
            Object::Sequence(Box::new(sequence)),
            range.location,
            Existing::Refuse,
        )
        .map(|_: Created| ())
    }

    /// ALTER SEQUENCE with a list of options.
    pub(super) fn alter_sequence(&mut self, statement: &ast::AlterSeqStmt) -> Applied {
        let Some(range) = &statement.sequence else {
            return Err(self.refuse(-1, "a sequence without a name"));
        };
        let Some(name) = self.find_relation_or_hidden(&range.schemaname, &range.relname) else {
            if statement.missing_ok {
                return Ok(());
            }
            let shown = shown_name(&range.schemaname, &range.relname);
            return Err(self.error(
                Code::UnknownRelation,
                range.location,
                format!("relation {shown} does not exist"),
            ));
        };
        let said = self.sequence_options(&statement.options)?;
        if let Some(column) = self.hidden_relation(&name) {
            return self.alter_identity_sequence(&column, &said, range.location);
        }
        let id = ObjectId::Relation(name.clone());
        let Some(Object::Sequence(sequence)) = self.catalog.get(&id).map(|entry| &entry.object) else {
            return Err(self.wrong_kind(&name, "a sequence", range.location));
        };
        let mut sequence = (**sequence).clone();
        sequence.options = self.resolve_sequence(Some(&sequence.options), &said)?;
        if let Some(persistence) = said.persistence {
            sequence.persistence = persistence;
        }
        match said.owner {
            Some(Owner::None) => sequence.owned_by = None,
            Some(Owner::Column(column)) => {
                self.check_owned_by(&name, Some(&column), range.location)?;
                sequence.owned_by = Some(column);
            }
            None => {}
        }
        self.note_owned_sequence(sequence.owned_by.as_ref(), &id);
        self.replace(&id, Object::Sequence(Box::new(sequence)));
        Ok(())
    }

    fn alter_identity_sequence(&mut self, column: &ObjectId, said: &Said, location: i32) -> Applied {
        if said.owner.is_some() {
            return Err(self.error(
                Code::UnsupportedClause,
                location,
                "the sequence of an identity column cannot change its owner",
            ));
        }
        let Some(Object::Column(existing)) = self.catalog.get(column).map(|entry| &entry.object) else {
            return Err(self.refuse(location, "ALTER SEQUENCE of an index"));
        };
        let mut changed = (**existing).clone();
        if let Some(identity) = &mut changed.identity {
            identity.options = self.resolve_sequence(Some(&identity.options), said)?;
            if let Some(persistence) = said.persistence {
                identity.persistence = persistence;
            }
        }
        self.replace(column, Object::Column(Box::new(changed)));
        Ok(())
    }

    /// What a list of sequence options says.
    pub(super) fn sequence_options(&self, options: &[ast::Node]) -> Applied<Said> {
        let mut said = Said {
            location: -1,
            ..Said::default()
        };
        for node in options {
            let Some(NodeEnum::DefElem(element)) = &node.node else {
                return Err(self.refuse(-1, "this sequence option"));
            };
            said.location = element.location;
            let number = || {
                definition_number(element).ok_or_else(|| {
                    let message = format!("{} requires an integer", element.defname);
                    self.error(Code::SyntaxError, element.location, message)
                })
            };
            let bound = || match element.arg {
                Some(_) => number().map(Bound::Value),
                None => Ok(Bound::No),
            };
            match element.defname.as_str() {
                "as" => match element.arg.as_deref().and_then(|node| node.node.as_ref()) {
                    Some(NodeEnum::TypeName(name)) => said.data_type = Some(self.data_type(name)?),
                    _ => return Err(self.refuse(element.location, "AS without a type")),
                },
                "start" => said.start = Some(number()?),
                "increment" => said.increment = Some(number()?),
                "minvalue" => said.minimum = bound()?,
                "maxvalue" => said.maximum = bound()?,
                "cache" => said.cache = Some(number()?),
                "cycle" => {
                    said.cycle = Some(match element.arg.as_deref().and_then(|node| node.node.as_ref()) {
                        Some(NodeEnum::Boolean(value)) if !value.boolval => Cycle::NoCycle,
                        _ => Cycle::Cycle,
                    });
                }
                // The value a sequence goes on with is data.
                "restart" => {}
                "owned_by" => said.owner = Some(self.sequence_owner(element)?),
                "sequence_name" => said.name = definition_name(element),
                "logged" => said.persistence = Some(Persistence::Logged),
                "unlogged" => said.persistence = Some(Persistence::Unlogged),
                other => return Err(self.refuse(element.location, &format!("the sequence option {other}"))),
            }
        }
        Ok(said)
    }

    fn sequence_owner(&self, element: &ast::DefElem) -> Applied<Owner> {
        let parts = element
            .arg
            .as_deref()
            .map(|node| ast::strings(ast::list(node)))
            .unwrap_or_default();
        let (schema, table, column) = match parts.as_slice() {
            ["none"] => return Ok(Owner::None),
            [table, column] => ("", *table, *column),
            [schema, table, column] | [_, schema, table, column] => (*schema, *table, *column),
            _ => {
                let mut error = self.error(Code::SyntaxError, element.location, "invalid OWNED BY option");
                error.hint = Some("Specify OWNED BY table.column or OWNED BY NONE.".into());
                return Err(error);
            }
        };
        let relation = self.find_relation(schema, table).ok_or_else(|| {
            let message = format!("relation {} does not exist", shown_name(schema, table));
            self.error(Code::UnknownRelation, element.location, message)
        })?;
        self.column(&relation, column, element.location).map(Owner::Column)
    }

    fn check_owned_by(&self, sequence: &QualifiedName, owner: Option<&ObjectId>, location: i32) -> Applied {
        match owner {
            Some(owner) if owner.schema() != Some(&sequence.schema) => Err(self.error(
                Code::UnsupportedClause,
                location,
                "sequence must be in same schema as table it is linked to",
            )),
            _ => Ok(()),
        }
    }

    /// The options of a sequence with the defaults filled in; `before` is what an altered sequence has.
    pub(super) fn resolve_sequence(&self, before: Option<&SequenceOptions>, said: &Said) -> Applied<SequenceOptions> {
        let data_type = match (&said.data_type, before) {
            (Some(data_type), _) => data_type.clone(),
            (None, Some(before)) => before.data_type.clone(),
            (None, None) => DataType::system("int8"),
        };
        let Some((lowest, highest)) = range_of(&data_type) else {
            return Err(self.error(
                Code::UnsupportedClause,
                said.location,
                "sequence type must be smallint, integer, or bigint",
            ));
        };
        // A bound that was the old type's own follows the type.
        let followed = before
            .filter(|_| said.data_type.is_some())
            .and_then(|before| range_of(&before.data_type).map(|range| (before, range)));
        let minimum_follows = followed.is_some_and(|(before, (lowest, _))| before.minimum == lowest);
        let maximum_follows = followed.is_some_and(|(before, (_, highest))| before.maximum == highest);
        let increment = said.increment.or(before.map(|before| before.increment)).unwrap_or(1);
        let own_maximum = if increment > 0 || maximum_follows { highest } else { -1 };
        let own_minimum = if increment < 0 || minimum_follows { lowest } else { 1 };
        let maximum = match (said.maximum, before) {
            (Bound::Value(value), _) => value,
            (Bound::Unsaid, Some(before)) if !maximum_follows => before.maximum,
            (Bound::No | Bound::Unsaid, _) => own_maximum,
        };
        let minimum = match (said.minimum, before) {
            (Bound::Value(value), _) => value,
            (Bound::Unsaid, Some(before)) if !minimum_follows => before.minimum,
            (Bound::No | Bound::Unsaid, _) => own_minimum,
        };
        let first = if increment > 0 { minimum } else { maximum };
        let start = said.start.or(before.map(|before| before.start)).unwrap_or(first);
        let cache = said.cache.or(before.map(|before| before.cache)).unwrap_or(1);
        let invalid = |message: String| Err(self.error(Code::UnsupportedClause, said.location, message));
        if increment == 0 {
            return invalid("INCREMENT must not be zero".into());
        }
        if minimum < lowest || maximum > highest {
            return invalid(format!(
                "MINVALUE or MAXVALUE is out of range for sequence data type {}",
                data_type.name.name
            ));
        }
        if minimum >= maximum {
            return invalid(format!("MINVALUE ({minimum}) must be less than MAXVALUE ({maximum})"));
        }
        if start < minimum || start > maximum {
            return invalid(format!(
                "START value ({start}) must lie between MINVALUE ({minimum}) and MAXVALUE ({maximum})"
            ));
        }
        if cache < 1 {
            return invalid(format!("CACHE ({cache}) must be greater than zero"));
        }
        Ok(SequenceOptions {
            data_type,
            start,
            increment,
            minimum,
            maximum,
            cache,
            cycle: said
                .cycle
                .or(before.map(|before| before.cycle))
                .unwrap_or(Cycle::NoCycle),
        })
    }

    /// Makes the sequence of a serial column, owned by it; the column need not exist yet.
    pub(super) fn create_serial_sequence(
        &mut self,
        table: &QualifiedName,
        column: &Ident,
        data_type: &DataType,
        persistence: Persistence,
        location: i32,
    ) -> Applied<QualifiedName> {
        let name = self.choose_relation_name(table.name.as_str(), Some(column.as_str()), "seq", table);
        let name = table.with_name(name);
        let options = self.resolve_sequence(None, &Said::of_type(data_type.clone(), location))?;
        let sequence = Sequence {
            persistence,
            options,
            owned_by: Some(ObjectId::Column(table.clone(), column.clone())),
        };
        let id = ObjectId::Relation(name.clone());
        self.note_owned_sequence(sequence.owned_by.as_ref(), &id);
        self.create(id, Object::Sequence(Box::new(sequence)), location, Existing::Refuse)?;
        Ok(name)
    }

    /// Name, options and persistence of a new identity column's sequence.
    pub(super) fn identity_sequence(
        &self,
        table: &QualifiedName,
        column: &Ident,
        data_type: &DataType,
        options: &[ast::Node],
        location: i32,
    ) -> Applied<(Ident, SequenceOptions, Option<Persistence>)> {
        let mut said = self.sequence_options(options)?;
        if range_of(data_type).is_none() {
            return Err(self.error(
                Code::UnsupportedClause,
                location,
                "identity column type must be smallint, integer, or bigint",
            ));
        }
        if said.owner.is_some() || said.data_type.is_some() {
            return Err(self.error(
                Code::SyntaxError,
                location,
                "an identity column's sequence takes its type and owner from the column",
            ));
        }
        said.data_type = Some(data_type.clone());
        let name = match &said.name {
            Some((schema, name)) => {
                let name = if schema.is_empty() {
                    table.with_name(Ident::from(name.as_str()))
                } else {
                    self.new_name(schema, name, location)?
                };
                if name.schema != table.schema {
                    return Err(self.error(
                        Code::UnsupportedClause,
                        location,
                        "sequence must be in same schema as table it is linked to",
                    ));
                }
                if self.relation_name_taken(&name) {
                    return Err(self.relation_exists(&name, location));
                }
                name.name
            }
            None => self.choose_relation_name(table.name.as_str(), Some(column.as_str()), "seq", table),
        };
        let options = self.resolve_sequence(None, &said)?;
        Ok((name, options, said.persistence))
    }

    /// An identity column's sequence after its column has got another type.
    pub(super) fn retype_sequence(
        &self,
        before: &SequenceOptions,
        data_type: &DataType,
        location: i32,
    ) -> Applied<SequenceOptions> {
        self.resolve_sequence(Some(before), &Said::of_type(data_type.clone(), location))
    }
}

impl Said {
    fn of_type(data_type: DataType, location: i32) -> Said {
        Said {
            data_type: Some(data_type),
            location,
            ..Said::default()
        }
    }
}

/// The lowest and highest value of a sequence's type.
fn range_of(data_type: &DataType) -> Option<(i64, i64)> {
    if data_type.is_system("int8") {
        Some((i64::MIN, i64::MAX))
    } else if data_type.is_system("int4") {
        Some((i32::MIN.into(), i32::MAX.into()))
    } else if data_type.is_system("int2") {
        Some((i16::MIN.into(), i16::MAX.into()))
    } else {
        None
    }
}

#[cfg(test)]
mod tests {
    use crate::catalog::sequence::SequenceOptions;
    use crate::catalog::{Object, ObjectId, QualifiedName};
    use crate::dialect::postgres::read::testing::catalog;

    fn options(text: &str) -> SequenceOptions {
        let catalog = catalog(text);
        let id = ObjectId::Relation(QualifiedName::new("public", "s"));
        match catalog.get(&id).map(|entry| &entry.object) {
            Some(Object::Sequence(sequence)) => sequence.options.clone(),
            other => panic!("no sequence: {other:?}"),
        }
    }

    #[test]
    fn bounds_and_start_follow_direction_and_type() {
        let down = options("CREATE SEQUENCE s AS integer INCREMENT -1");
        assert_eq!((down.minimum, down.maximum, down.start), (i32::MIN.into(), -1, -1));
        let narrowed = options("CREATE SEQUENCE s; ALTER SEQUENCE s AS smallint");
        assert_eq!((narrowed.minimum, narrowed.maximum), (1, i16::MAX.into()));
        let kept = options("CREATE SEQUENCE s MAXVALUE 99; ALTER SEQUENCE s AS integer");
        assert_eq!(kept.maximum, 99, "a bound that was said stays");
    }
}
