//! Quoting: identifiers, string literals, dollar quotes.
//!
//! Knows PostgreSQL's lexical rules and its keyword classes (manual, appendix C; `kwlist.h`, `quote_identifier` in
//! `ruleutils.c`), nothing of statements.

use crate::catalog::{Ident, QualifiedName};

/// An identifier, in quotes unless it reads back as itself without them.
///
/// Every keyword but the unreserved ones is quoted, as `quote_identifier` does. The classes are those of version 18,
/// which hold those of 14 to 17: quotes that an older server could do without change nothing.
pub fn ident(name: &Ident) -> String {
    word(name.as_str())
}

/// As [`ident`], for a name that is plain text.
pub fn word(text: &str) -> String {
    if is_plain(text) && !is_keyword(text) {
        text.to_owned()
    } else {
        format!("\"{}\"", text.replace('"', "\"\""))
    }
}

/// A name with its schema.
pub fn qualified(name: &QualifiedName) -> String {
    format!("{}.{}", ident(&name.schema), ident(&name.name))
}

/// Names with commas between them.
pub fn idents<'a>(names: impl IntoIterator<Item = &'a Ident>) -> String {
    names.into_iter().map(ident).collect::<Vec<_>>().join(", ")
}

/// A string literal. The form with `E` is written only for a backslash, so that the text means the same whatever
/// `standard_conforming_strings` is.
pub fn literal(text: &str) -> String {
    let quoted = text.replace('\'', "''");
    if quoted.contains('\\') {
        format!("E'{}'", quoted.replace('\\', "\\\\"))
    } else {
        format!("'{quoted}'")
    }
}

/// A string between dollar signs, with a tag where the text needs one.
pub fn dollar_quote(text: &str) -> String {
    dollar_quote_tagged(text, "")
}

/// As [`dollar_quote`], with a tag to begin with: for text that is itself inside `$$`.
pub fn dollar_quote_tagged(text: &str, tag: &str) -> String {
    let mut delimiter = format!("${tag}$");
    let mut number = 0;
    // The closing delimiter must be the first one after the text begins, even where text and delimiter meet.
    while format!("{text}{delimiter}").find(&delimiter) != Some(text.len()) {
        number += 1;
        delimiter = match number {
            1 => "$body$".to_owned(),
            more => format!("$body{more}$"),
        };
    }
    format!("{delimiter}{text}{delimiter}")
}

/// Whether the word is a keyword of any class but unreserved.
pub(super) fn is_keyword(text: &str) -> bool {
    COLUMN_NAME.binary_search(&text).is_ok()
        || TYPE_OR_FUNCTION_NAME.binary_search(&text).is_ok()
        || RESERVED.binary_search(&text).is_ok()
}

/// Whether the lexer gives the text back unfolded.
pub fn is_plain(text: &str) -> bool {
    let mut bytes = text.bytes();
    bytes
        .next()
        .is_some_and(|first| first.is_ascii_lowercase() || first == b'_')
        && bytes.all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'_')
}

#[rustfmt::skip]
const COLUMN_NAME: [&str; 63] = [
    "between", "bigint", "bit", "boolean", "char", "character", "coalesce", "dec", "decimal", "exists", "extract",
    "float", "greatest", "grouping", "inout", "int", "integer", "interval", "json", "json_array", "json_arrayagg",
    "json_exists", "json_object", "json_objectagg", "json_query", "json_scalar", "json_serialize", "json_table",
    "json_value", "least", "merge_action", "national", "nchar", "none", "normalize", "nullif", "numeric", "out",
    "overlay", "position", "precision", "real", "row", "setof", "smallint", "substring", "time", "timestamp", "treat",
    "trim", "values", "varchar", "xmlattributes", "xmlconcat", "xmlelement", "xmlexists", "xmlforest",
    "xmlnamespaces", "xmlparse", "xmlpi", "xmlroot", "xmlserialize", "xmltable",
];

#[rustfmt::skip]
const TYPE_OR_FUNCTION_NAME: [&str; 23] = [
    "authorization", "binary", "collation", "concurrently", "cross", "current_schema", "freeze", "full", "ilike",
    "inner", "is", "isnull", "join", "left", "like", "natural", "notnull", "outer", "overlaps", "right", "similar",
    "tablesample", "verbose",
];

#[rustfmt::skip]
const RESERVED: [&str; 78] = [
    "all", "analyse", "analyze", "and", "any", "array", "as", "asc", "asymmetric", "both", "case", "cast", "check",
    "collate", "column", "constraint", "create", "current_catalog", "current_date", "current_role", "current_time",
    "current_timestamp", "current_user", "default", "deferrable", "desc", "distinct", "do", "else", "end", "except",
    "false", "fetch", "for", "foreign", "from", "grant", "group", "having", "in", "initially", "intersect", "into",
    "lateral", "leading", "limit", "localtime", "localtimestamp", "not", "null", "offset", "on", "only", "or",
    "order", "placing", "primary", "references", "returning", "select", "session_user", "some", "symmetric",
    "system_user", "table", "then", "to", "trailing", "true", "union", "unique", "user", "using", "variadic", "when",
    "where", "window", "with",
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn identifiers_are_quoted_only_where_they_must_be() {
        for (name, written) in [
            ("users", "users"),
            ("_1$", "\"_1$\""),
            ("Users", "\"Users\""),
            ("1st", "\"1st\""),
            ("a\"b", "\"a\"\"b\""),
            ("", "\"\""),
            ("user", "\"user\""),
            ("between", "\"between\""),
            ("like", "\"like\""),
            ("name", "name"),
        ] {
            assert_eq!(ident(&Ident::from(name)), written);
        }
    }

    #[test]
    fn keyword_lists_are_sorted_for_the_search() {
        assert!(COLUMN_NAME.is_sorted() && TYPE_OR_FUNCTION_NAME.is_sorted() && RESERVED.is_sorted());
    }

    #[test]
    fn literals_take_the_escape_form_only_for_a_backslash() {
        assert_eq!(literal("it's"), "'it''s'");
        assert_eq!(literal("a\\'b"), "E'a\\\\''b'");
    }

    #[test]
    fn a_dollar_quote_never_ends_inside_its_text() {
        assert_eq!(dollar_quote("SELECT 1"), "$$SELECT 1$$");
        assert_eq!(dollar_quote("a $$ b"), "$body$a $$ b$body$");
        assert_eq!(dollar_quote("costs $"), "$body$costs $$body$");
        assert_eq!(dollar_quote("$$ $body$"), "$body2$$$ $body$$body2$");
    }
}
