//! Operator families and operator classes (`opclasscmds.c`).
//!
//! Knows which items a class cannot do without, and which belong to its family though the class's statement names them
//! (`amadjustmembers` of each access method): pg_dump writes the latter apart.

use super::ast::{
    AlterOpFamilyStmt, CreateOpClassItem, CreateOpClassStmt, CreateOpFamilyStmt, Node, NodeEnum, ObjectWithArgs,
};
use super::base_type::type_template;
use super::definition::clause;
use super::function_reference::reference;
use super::operator::type_list;
use super::{Applied, Existing, Interpreter, ast};
use crate::catalog::definition::ClauseName;
use crate::catalog::{
    DataType, DefinitionId, DefinitionKind, Form, Ident, ObjectId, QualifiedName, Template, TemplateBuilder,
};
use crate::diagnostic::Code;
use crate::dialect::postgres::write::{data_type, ident};
use std::sync::Arc;

/// `OPCLASS_ITEM_OPERATOR` of `parsenodes.h`.
const OPERATOR_ITEM: i32 = 1;
/// `OPCLASS_ITEM_FUNCTION`.
const FUNCTION_ITEM: i32 = 2;

/// An item of a class or a family.
struct Item {
    /// Operator, function or storage, by the parser's numbers.
    kind: i32,
    /// Strategy or support number.
    number: i32,
    /// The operands, or the types that a function is for.
    types: Vec<DataType>,
    /// The item as it is written.
    text: Template,
}

/// The family of a class.
enum Family {
    /// One of the schema.
    Own(DefinitionId),
    /// One of PostgreSQL's.
    System(Ident),
}

impl Interpreter {
    pub(super) fn create_operator_family(&mut self, statement: &CreateOpFamilyStmt) -> Applied {
        let name = self.new_name_of(&statement.opfamilyname, -1)?;
        self.create_family(&name, &Ident::from(statement.amname.as_str()), Existing::Refuse)
    }

    fn create_family(&mut self, name: &QualifiedName, method: &Ident, existing: Existing) -> Applied {
        let body = Template::text(&["USING ", &ident(method)].concat());
        self.create_definition(
            collection_id(DefinitionKind::OperatorFamily, name, method),
            body,
            Vec::new(),
            existing,
        )
    }

    pub(super) fn create_operator_class(&mut self, statement: &CreateOpClassStmt) -> Applied {
        let name = self.new_name_of(&statement.opclassname, -1)?;
        let method = Ident::from(statement.amname.as_str());
        let data_type = self
            .required_data_type(statement.datatype.as_ref(), -1)?
            .without_modifiers();
        let family = self.family_of_class(statement, &name, &method)?;
        let mut items = Vec::new();
        for node in &statement.items {
            if let Some(NodeEnum::CreateOpClassItem(item)) = node.node.as_ref() {
                items.extend(self.item(item, method.as_str(), Some(&data_type))?);
            }
        }
        // What can be missed belongs to the family, and pg_dump writes it there.
        let (mut items, loose): (Vec<Item>, Vec<Item>) = items
            .into_iter()
            .partition(|item| belongs_to_class(method.as_str(), item, &data_type));
        items.sort_by_key(|item| (item.kind, item.number));
        self.add_members(&family, loose)?;
        let mut builder = TemplateBuilder::default();
        if statement.is_default {
            builder.push_str("DEFAULT ");
        }
        builder.push_str("FOR TYPE ");
        builder.push_template(&type_template(&data_type));
        builder.push_str(&[" USING ", &ident(&method), " FAMILY "].concat());
        builder.push_template(&reference_of(&family));
        builder.push_str(" AS ");
        if items.is_empty() {
            // The grammar demands an item; the type stored as itself says nothing.
            builder.push_str("STORAGE ");
            builder.push_template(&type_template(&data_type));
        }
        for (place, item) in items.iter().enumerate() {
            if place > 0 {
                builder.push_str(", ");
            }
            builder.push_template(&item.text);
        }
        let id = collection_id(DefinitionKind::OperatorClass, &name, &method);
        self.create_definition(id, builder.finish(), Vec::new(), Existing::Refuse)
    }

    /// The family named, or the one of the class's own name, which is made when it is not there.
    fn family_of_class(
        &mut self,
        statement: &CreateOpClassStmt,
        class: &QualifiedName,
        method: &Ident,
    ) -> Applied<Family> {
        if statement.opfamilyname.is_empty() {
            self.create_family(class, method, Existing::Skip)?;
            return Ok(Family::Own(collection_id(
                DefinitionKind::OperatorFamily,
                class,
                method,
            )));
        }
        self.family(&statement.opfamilyname, method.as_str())
    }

    fn family(&self, names: &[Node], method: &str) -> Applied<Family> {
        let (schema, name) = self.split_names(names)?;
        match self.find_operator_collection(DefinitionKind::OperatorFamily, schema, name, method) {
            Some(ObjectId::Definition(id)) => Ok(Family::Own((*id).clone())),
            None if schema.is_empty() || schema == crate::catalog::name::SYSTEM_SCHEMA => {
                Ok(Family::System(Ident::from(name)))
            }
            Some(_) | None => Err(self.error(
                Code::UnknownObject,
                -1,
                format!("operator family \"{name}\" does not exist for access method \"{method}\""),
            )),
        }
    }

    /// ALTER OPERATOR FAMILY … ADD and DROP.
    pub(super) fn alter_operator_family(&mut self, statement: &AlterOpFamilyStmt) -> Applied {
        let family = self.family(&statement.opfamilyname, &statement.amname)?;
        let mut items = Vec::new();
        for node in &statement.items {
            let Some(NodeEnum::CreateOpClassItem(item)) = node.node.as_ref() else {
                continue;
            };
            if statement.is_drop {
                self.drop_member(&family, item)?;
            } else {
                items.extend(self.item(item, &statement.amname, None)?);
            }
        }
        self.add_members(&family, items)
    }

    fn add_members(&mut self, family: &Family, items: Vec<Item>) -> Applied {
        if items.is_empty() {
            return Ok(());
        }
        let Family::Own(id) = family else {
            return Err(self.refuse(-1, "a new member of PostgreSQL's own operator family"));
        };
        let mut clauses = self.clauses_of(id)?;
        for item in items {
            let key: Arc<str> = Arc::from(member_key(item.kind, item.number, &item.types).as_str());
            if clauses.iter().any(|clause| clause.key.as_ref() == Some(&key)) {
                return Err(self.error(
                    Code::DuplicateObject,
                    -1,
                    format!("{key} appears more than once in the operator family"),
                ));
            }
            clauses.push(clause(ClauseName::Member, Some(key), item.text));
        }
        self.set_clauses(id.clone(), clauses);
        Ok(())
    }

    fn drop_member(&mut self, family: &Family, item: &CreateOpClassItem) -> Applied {
        let mut types = self.item_types(item)?;
        if let [only] = types.as_slice() {
            types = vec![only.clone(), only.clone()];
        }
        let key = member_key(item.itemtype, item.number, &types);
        let missing = || {
            self.error(
                Code::UnknownObject,
                -1,
                format!("{key} is no member of the operator family by itself"),
            )
        };
        let Family::Own(id) = family else { return Err(missing()) };
        let mut clauses = self.clauses_of(id)?;
        let before = clauses.len();
        clauses.retain(|clause| clause.key.as_deref() != Some(key.as_str()));
        if clauses.len() == before {
            return Err(missing());
        }
        self.set_clauses(id.clone(), clauses);
        Ok(())
    }

    fn item_types(&self, item: &CreateOpClassItem) -> Applied<Vec<DataType>> {
        let mut types = Vec::new();
        for node in &item.class_args {
            if let Some(NodeEnum::TypeName(name)) = node.node.as_ref() {
                types.push(self.data_type(name)?.without_modifiers());
            }
        }
        Ok(types)
    }

    /// One item of a class, whose type stands in where none is written, or of a family; `None` when it says nothing.
    fn item(&self, item: &CreateOpClassItem, method: &str, class_type: Option<&DataType>) -> Applied<Option<Item>> {
        let mut builder = TemplateBuilder::default();
        let mut types = self.item_types(item)?;
        match (item.itemtype, item.name.as_ref()) {
            (OPERATOR_ITEM, Some(named)) => {
                builder.push_str(&["OPERATOR ", &item.number.to_string(), " "].concat());
                types = self.operands_of(named, class_type)?;
                builder.push_template(&self.operator_with_operands(named, &types)?);
                if !item.order_family.is_empty() {
                    let (schema, name) = self.split_names(&item.order_family)?;
                    builder.push_str(" FOR ORDER BY ");
                    let family = self.find_operator_collection(DefinitionKind::OperatorFamily, schema, name, "btree");
                    match family {
                        Some(id) => builder.push_reference(id, Form::Qualified),
                        None => builder.push_str(&ident(&Ident::from(name))),
                    }
                }
            }
            (FUNCTION_ITEM, Some(named)) => {
                builder.push_str(&["FUNCTION ", &item.number.to_string(), " "].concat());
                if let [only] = types.as_slice() {
                    types = vec![only.clone(), only.clone()];
                } else if types.is_empty() {
                    let inferred = inferred_types(method, item.number, &self.argument_types(named)?);
                    let default = class_type.map(|class_type| vec![class_type.clone(), class_type.clone()]);
                    types = inferred.or(default).ok_or_else(|| {
                        let message = "associated data types must be specified for index support function";
                        self.error(Code::InvalidDefinition, -1, message)
                    })?;
                }
                builder.push_template(&type_list(&types));
                builder.push_str(" ");
                builder.push_template(&self.function_with_arguments(named)?);
            }
            _ => {
                let stored = self
                    .required_data_type(item.storedtype.as_ref(), -1)?
                    .without_modifiers();
                if Some(&stored) == class_type {
                    return Ok(None);
                }
                builder.push_str("STORAGE ");
                builder.push_template(&type_template(&stored));
            }
        }
        Ok(Some(Item {
            kind: item.itemtype,
            number: item.number,
            types,
            text: builder.finish(),
        }))
    }

    /// The operands of an item's operator; without any both are the class's type.
    fn operands_of(&self, named: &ObjectWithArgs, class_type: Option<&DataType>) -> Applied<Vec<DataType>> {
        let types: Vec<DataType> = self.operand_types(&named.objargs)?.into_iter().flatten().collect();
        Ok(match (types.is_empty(), class_type) {
            (true, Some(class_type)) => vec![class_type.clone(), class_type.clone()],
            _ => types,
        })
    }

    fn argument_types(&self, named: &ObjectWithArgs) -> Applied<Vec<DataType>> {
        Ok(self.operand_types(&named.objargs)?.into_iter().flatten().collect())
    }

    /// `name(left, right)`.
    fn operator_with_operands(&self, named: &ObjectWithArgs, types: &[DataType]) -> Applied<Template> {
        let operands: Vec<Option<DataType>> = types.iter().cloned().map(Some).collect();
        let object = Node {
            node: Some(NodeEnum::ObjectWithArgs(named.clone())),
        };
        let (schema, name) = self.split_names(&named.objname)?;
        let identity = |schema: &Ident| {
            ObjectId::Definition(Arc::new(DefinitionId {
                kind: DefinitionKind::Operator,
                schema: Some(schema.clone()),
                name: Ident::from(name),
                types: operands.clone(),
                within: None,
            }))
        };
        let mut builder = TemplateBuilder::default();
        let exists = |found: &QualifiedName| self.catalog.contains(&identity(&found.schema));
        match self.find(schema, name, exists) {
            Some(found) => builder.push_reference(identity(&found.schema), Form::Qualified),
            None if !named.objargs.is_empty() && !schema.is_empty() && schema != "pg_catalog" => {
                // The error of an operator that does not exist, unless an extension may have it.
                if !self.has_extensions() {
                    self.identify(ast::ObjectType::ObjectOperator, Some(&object))?;
                }
                builder.push_str(&[&ident(&Ident::from(schema)), ".", name].concat());
            }
            None => builder.push_str(name),
        }
        builder.push_template(&type_list(types));
        Ok(builder.finish())
    }
}

/// A family as it stands after FAMILY.
fn reference_of(family: &Family) -> Template {
    match family {
        Family::Own(id) => reference(ObjectId::Definition(Arc::new(id.clone())), Form::Qualified),
        Family::System(name) => Template::text(&ident(name)),
    }
}

/// The types that a support function is for, where its own arguments say them (`assignProcTypes` in opclasscmds.c): the
/// comparison and the range test of btree, the hash functions.
fn inferred_types(method: &str, number: i32, arguments: &[DataType]) -> Option<Vec<DataType>> {
    let (left, right) = match (method, number) {
        ("btree", 1) => (arguments.first()?, arguments.get(1)?),
        ("btree", 3) => (arguments.first()?, arguments.get(2)?),
        ("hash", 1 | 2) => (arguments.first()?, arguments.first()?),
        _ => return None,
    };
    Some(vec![left.clone(), right.clone()])
}

/// Whether an item stands or falls with the class; all others are members of the family only.
fn belongs_to_class(method: &str, item: &Item, class_type: &DataType) -> bool {
    let is_own_type = item.types.iter().all(|data_type| data_type == class_type);
    match (method, item.kind) {
        ("btree" | "hash", OPERATOR_ITEM) => is_own_type,
        // The comparison, or the hash function; all other support functions are optional.
        ("btree" | "hash", FUNCTION_ITEM) => is_own_type && item.number == 1,
        ("gist" | "gin" | "spgist", OPERATOR_ITEM) => false,
        // consistent, union, penalty, picksplit, same
        ("gist", FUNCTION_ITEM) => matches!(item.number, 1 | 2 | 5 | 6 | 7),
        // extractValue, extractQuery
        ("gin", FUNCTION_ITEM) => matches!(item.number, 2 | 3),
        // config, choose, picksplit, inner_consistent, leaf_consistent
        ("spgist", FUNCTION_ITEM) => matches!(item.number, 1..=5),
        _ => true,
    }
}

/// What DROP calls a member: `OPERATOR 1 (integer, bigint)`.
fn member_key(kind: i32, number: i32, types: &[DataType]) -> String {
    let word = if kind == OPERATOR_ITEM { "OPERATOR" } else { "FUNCTION" };
    let types: Vec<String> = types.iter().map(data_type).collect();
    [word, " ", &number.to_string(), " (", &types.join(", "), ")"].concat()
}

/// The identity of an operator class or family.
fn collection_id(kind: DefinitionKind, name: &QualifiedName, method: &Ident) -> DefinitionId {
    DefinitionId {
        kind,
        schema: Some(name.schema.clone()),
        name: name.name.clone(),
        types: Vec::new(),
        within: Some(method.clone()),
    }
}

#[cfg(test)]
mod tests {
    use crate::dialect::postgres::read::testing::assert_same;

    #[test]
    fn what_a_class_can_miss_is_its_familys() {
        let functions = "CREATE FUNCTION h(int) RETURNS int LANGUAGE sql IMMUTABLE AS 'SELECT 1';
                         CREATE FUNCTION x(int, bigint) RETURNS bigint LANGUAGE sql IMMUTABLE AS 'SELECT 1';";
        let together = "CREATE OPERATOR CLASS c FOR TYPE int USING hash
                        AS FUNCTION 2 x(int, bigint), FUNCTION 1 h(int);";
        let apart = "CREATE OPERATOR FAMILY c USING hash;
                     ALTER OPERATOR FAMILY c USING hash ADD FUNCTION 2 (int, int) x(int, bigint);
                     CREATE OPERATOR CLASS c FOR TYPE int USING hash FAMILY c AS FUNCTION 1 (int, int) h(int);";
        assert_same(&[functions, together].concat(), &[functions, apart].concat());
    }
}
