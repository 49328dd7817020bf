//! Pieces of canonical text while they are put together.
//!
//! Knows how fragments are joined and when one needs parentheses. Knows nothing of names and their meaning.

use super::range::ColumnName;
use super::value::Shown;
use crate::catalog::{DataType, Doubt, Form, ObjectId, OwnName, Template, TemplateBuilder};
use crate::dialect::postgres::write::quote;
use std::sync::Arc;

/// The text of one expression with what its surroundings need to know of it.
#[derive(Clone, Debug)]
pub(super) struct Fragment {
    /// The text.
    pub(super) template: Template,
    /// What kind of text it is.
    pub(super) shape: Shape,
    /// The type, where it is known.
    pub(super) data_type: Option<DataType>,
    /// The arguments when it is an AND or an OR.
    pub(super) junction: Option<Box<Junction>>,
    /// Whether it is a string or NULL that has not found its type.
    pub(super) untyped: bool,
    /// The text of a string that has not found its type.
    pub(super) text: Option<Arc<str>>,
    /// A constant that has found its type, before any length is enforced on it.
    pub(super) constant: Option<Shown>,
    /// The elements, when it is ARRAY[…].
    pub(super) elements: Option<Vec<Fragment>>,
}

/// An AND or an OR of any number of arguments.
#[derive(Clone, Debug)]
pub(super) struct Junction {
    word: JunctionWord,
    arguments: Vec<Template>,
}

/// AND or OR.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum JunctionWord {
    /// AND.
    And,
    /// OR.
    Or,
}

/// What kind of text a fragment is, as far as parentheses and names depend on it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Shape {
    /// Closed in itself: a call, a CASE, a subscript, or text in parentheses.
    Closed,
    /// A call of a function, which an index may have as a key without parentheses around it (`looks_like_function`).
    Call,
    /// What is written like a call and is none: COALESCE, NULLIF, CURRENT_DATE. For an index it is one.
    Construct,
    /// In parentheses of its own.
    Parenthesised,
    /// A string, NULL or a truth value, to which `::type` can be attached directly.
    Literal,
    /// A column by itself, with the name it hands on to a query around it.
    Column(ColumnName),
    /// All columns of a range table item as one value; the type is the relation's row type where it is one.
    WholeRow,
}

impl Fragment {
    /// A fragment of a kind, its type unknown.
    pub(super) fn new(template: Template, shape: Shape) -> Self {
        Fragment {
            template,
            shape,
            data_type: None,
            junction: None,
            untyped: false,
            text: None,
            constant: None,
            elements: None,
        }
    }

    /// `(a AND b)`. A first argument of the same kind gives its own arguments, any other stays in parentheses: that is
    /// how the grammar builds its trees (`makeAndExpr`), so that a stored tree is read again as it is shown.
    pub(super) fn joined(word: JunctionWord, arguments: impl IntoIterator<Item = Fragment>) -> Self {
        let mut flat = Vec::new();
        for argument in arguments {
            match argument.junction {
                Some(junction) if junction.word == word && flat.is_empty() => flat.extend(junction.arguments),
                Some(_) | None => flat.push(argument.template),
            }
        }
        let mut writer = Writer::with("(");
        for (index, argument) in flat.iter().enumerate() {
            if index > 0 {
                writer.text(match word {
                    JunctionWord::And => " AND ",
                    JunctionWord::Or => " OR ",
                });
            }
            writer.template(argument);
        }
        writer.text(")");
        let mut fragment = writer.parenthesised().typed(Some(DataType::system("bool")));
        fragment.junction = Some(Box::new(Junction { word, arguments: flat }));
        fragment
    }

    /// The same fragment with its type.
    pub(super) fn typed(mut self, data_type: Option<DataType>) -> Self {
        self.data_type = data_type;
        self
    }
}

/// Builds a template.
#[derive(Debug, Default)]
pub(super) struct Writer {
    builder: TemplateBuilder,
}

impl Writer {
    /// A writer that begins with `text`.
    pub(super) fn with(text: &str) -> Self {
        let mut writer = Writer::default();
        writer.text(text);
        writer
    }

    /// Adds text as it is.
    pub(super) fn text(&mut self, text: &str) -> &mut Self {
        self.builder.push_str(text);
        self
    }

    /// Adds a name that is no object of the schema, quoted when it has to be.
    pub(super) fn name(&mut self, name: &str) -> &mut Self {
        self.text(&quote::word(name))
    }

    /// Adds names with commas between them.
    pub(super) fn names<'n>(&mut self, names: impl IntoIterator<Item = &'n str>) -> &mut Self {
        for (index, name) in names.into_iter().enumerate() {
            if index > 0 {
                self.text(", ");
            }
            self.name(name);
        }
        self
    }

    /// Adds a string literal.
    pub(super) fn literal(&mut self, text: &str) -> &mut Self {
        self.text(&quote::literal(text))
    }

    /// Adds a reference.
    pub(super) fn reference(&mut self, id: ObjectId, form: Form) -> &mut Self {
        self.builder.push_reference(id, form);
        self
    }

    /// Adds a dependency that is not written.
    pub(super) fn dependency(&mut self, id: ObjectId) -> &mut Self {
        self.builder.push_dependency(id);
        self
    }

    /// Adds the place where an output column of the whole query is named.
    pub(super) fn output(&mut self, place: usize, own: Option<OwnName>) -> &mut Self {
        self.builder.push_output(place, own);
        self
    }

    /// Adds something that the meaning depends on besides the schema.
    pub(super) fn doubt(&mut self, doubt: Doubt) -> &mut Self {
        self.builder.push_doubt(doubt);
        self
    }

    /// Adds a template.
    pub(super) fn template(&mut self, template: &Template) -> &mut Self {
        self.builder.push_template(template);
        self
    }

    /// Adds a fragment as it is.
    pub(super) fn fragment(&mut self, fragment: &Fragment) -> &mut Self {
        self.template(&fragment.template)
    }

    /// Adds a fragment in parentheses, once.
    pub(super) fn enclosed(&mut self, fragment: &Fragment) -> &mut Self {
        match fragment.shape {
            Shape::Parenthesised => self.fragment(fragment),
            Shape::Closed | Shape::Call | Shape::Construct | Shape::Literal | Shape::Column(_) | Shape::WholeRow => {
                self.text("(").fragment(fragment).text(")")
            }
        }
    }

    /// Adds a fragment as ORDER BY, GROUP BY and PARTITION BY have it: a call in parentheses (`get_rule_sortgroupclause`).
    pub(super) fn sort_key(&mut self, fragment: &Fragment) -> &mut Self {
        match fragment.shape {
            Shape::Call => self.enclosed(fragment),
            Shape::Closed
            | Shape::Construct
            | Shape::Parenthesised
            | Shape::Literal
            | Shape::Column(_)
            | Shape::WholeRow => self.fragment(fragment),
        }
    }

    /// Adds fragments with `separator` between them.
    pub(super) fn list<'f>(&mut self, separator: &str, fragments: impl IntoIterator<Item = &'f Fragment>) -> &mut Self {
        for (index, fragment) in fragments.into_iter().enumerate() {
            if index > 0 {
                self.text(separator);
            }
            self.fragment(fragment);
        }
        self
    }

    /// The template.
    pub(super) fn finish(self) -> Template {
        self.builder.finish()
    }

    /// The template as a fragment that is closed in itself.
    pub(super) fn closed(self) -> Fragment {
        Fragment::new(self.finish(), Shape::Closed)
    }

    /// The template as a fragment that is a call.
    pub(super) fn call(self) -> Fragment {
        Fragment::new(self.finish(), Shape::Call)
    }

    /// The template as a fragment that brought its own parentheses.
    pub(super) fn parenthesised(self) -> Fragment {
        Fragment::new(self.finish(), Shape::Parenthesised)
    }
}
