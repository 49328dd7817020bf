//! The parser's tree, under the names that the rest of the dialect uses, with small accessors.

use crate::catalog::{Array, DataType};

pub use pg_query::NodeEnum;
pub use pg_query::protobuf::*;

/// The text of a string node; `None` for any other node.
pub fn string(node: &Node) -> Option<&str> {
    match node.node.as_ref()? {
        NodeEnum::String(string) => Some(&string.sval),
        _ => None,
    }
}

/// The texts of a list of string nodes, others left out.
pub fn strings(nodes: &[Node]) -> Vec<&str> {
    nodes.iter().filter_map(string).collect()
}

/// The nodes of a list node; a single node counts as a list of one.
pub fn list(node: &Node) -> &[Node] {
    match node.node.as_ref() {
        Some(NodeEnum::List(list)) => &list.items,
        _ => std::slice::from_ref(node),
    }
}

/// The tree of a type's name, without its modifiers.
pub fn type_name(data_type: &DataType) -> TypeName {
    let string = |text: &str| Node {
        node: Some(NodeEnum::String(String { sval: text.to_owned() })),
    };
    TypeName {
        names: vec![
            string(data_type.name.schema.as_str()),
            string(data_type.name.name.as_str()),
        ],
        array_bounds: match data_type.array {
            Array::Array => vec![Node {
                node: Some(NodeEnum::Integer(Integer { ival: -1 })),
            }],
            Array::Scalar => Vec::new(),
        },
        typemod: -1,
        location: -1,
        ..TypeName::default()
    }
}

/// The tree of an expression's text; `None` when it does not parse.
pub fn parse_expression(text: &str) -> Option<Node> {
    let text = ["SELECT ", text].concat();
    let parsed = super::parse::tree(&text).ok()?;
    let NodeEnum::SelectStmt(mut select) = parsed.protobuf.stmts.into_iter().next()?.stmt?.node? else {
        return None;
    };
    match select.target_list.pop()?.node? {
        NodeEnum::ResTarget(target) => target.val.map(|value| *value),
        _ => None,
    }
}
