//! Expressions, queries and definitions: canonical text with references instead of names.
//!
//! Because relations, columns, types and functions stand in it by identity, a rename follows by itself
//! and two texts that name the same things are equal. What the text means is the dialect's business.

use super::id::ObjectId;
use super::name::Ident;
use std::sync::Arc;

/// Canonical text in which every object of the schema is a reference.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Template {
    pieces: Box<[Piece]>,
    /// Objects the text depends on without naming them (the columns behind a whole-row reference,
    /// the candidates for an overloaded call that could not be told apart). Sorted, without repeats.
    also: Box<[ObjectId]>,
    /// What its meaning depends on besides the schema. Sorted, without repeats.
    doubts: Box<[Doubt]>,
}

/// Why the meaning of a text cannot be known from the schema alone.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Doubt {
    /// A time with time zone that names no zone: the session's TimeZone.
    TimeZone,
    /// A date that is not in ISO form: the session's DateStyle.
    DateStyle,
    /// A word for the time at which the statement runs, which is read once and for all.
    Now,
    /// An amount of money: the server's lc_monetary.
    Locale,
    /// A function or operator that may be an unknown extension's, or whose arguments have unknown types.
    Unresolved,
}

/// A piece of a template.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Piece {
    /// Text that holds no name of an object.
    Text(Arc<str>),
    /// The name of an object, written as `form` says.
    Reference(ObjectId, Form),
    /// The place where an output column of a view's query is named, by its place in the view, when it is not called so
    /// by itself. The names are the view's: see [`super::view::View::columns`].
    Output(usize, Option<OwnName>),
}

/// What an output column is called by itself.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum OwnName {
    /// By a name of the query's own.
    Name(Ident),
    /// By the name of a column.
    Object(ObjectId),
}

/// How a reference is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Form {
    /// With its schema: `app.users`; a routine without its arguments.
    Qualified,
    /// The object's own last name only: a column behind its alias, a constraint's name.
    Bare,
    /// Inside a string literal, with its schema: `'app.users_id_seq'` of a `regclass` constant; the quotes are part of it.
    Literal,
}

/// Builds a template piece by piece; neighbouring texts become one.
#[derive(Clone, Debug, Default)]
pub struct TemplateBuilder {
    pieces: Vec<Piece>,
    text: String,
    also: Vec<ObjectId>,
    doubts: Vec<Doubt>,
}

impl Template {
    /// A template without references.
    pub fn text(text: &str) -> Self {
        let mut builder = TemplateBuilder::default();
        builder.push_str(text);
        builder.finish()
    }

    /// The pieces in order.
    pub fn pieces(&self) -> &[Piece] {
        &self.pieces
    }

    /// Every object the template depends on, named or not; repeats are possible.
    pub fn references(&self) -> impl Iterator<Item = &ObjectId> {
        self.pieces
            .iter()
            .filter_map(|piece| match piece {
                Piece::Reference(id, _) => Some(id),
                Piece::Text(_) | Piece::Output(..) => None,
            })
            .chain(self.also.iter())
    }

    /// What the meaning depends on besides the schema.
    pub fn doubts(&self) -> &[Doubt] {
        &self.doubts
    }

    /// Lets `rename` put another identity in the place of each reference.
    pub fn rename(&mut self, rename: &dyn Fn(&ObjectId) -> Option<ObjectId>) {
        for piece in self.pieces.iter_mut() {
            if let Piece::Reference(id, _) | Piece::Output(_, Some(OwnName::Object(id))) = piece
                && let Some(new) = rename(id)
            {
                *id = new;
            }
        }
        for id in self.also.iter_mut() {
            if let Some(new) = rename(id) {
                *id = new;
            }
        }
        self.also.sort();
    }

    /// Whether there are places where output columns are named.
    pub fn has_outputs(&self) -> bool {
        self.pieces.iter().any(|piece| matches!(piece, Piece::Output(..)))
    }

    /// The text when nothing is referred to and it is one piece; for constants.
    pub fn as_text(&self) -> Option<&str> {
        match &*self.pieces {
            [] => Some(""),
            [Piece::Text(text)] => Some(text),
            _ => None,
        }
    }

    /// The column when the template is nothing but a reference to it.
    pub fn as_column(&self) -> Option<&super::name::Ident> {
        match &*self.pieces {
            [Piece::Reference(ObjectId::Column(_, column), _)] => Some(column),
            _ => None,
        }
    }
}

impl TemplateBuilder {
    /// Adds text.
    pub fn push_str(&mut self, text: &str) {
        self.text.push_str(text);
    }

    /// Adds a reference.
    pub fn push_reference(&mut self, id: ObjectId, form: Form) {
        self.flush();
        self.pieces.push(Piece::Reference(id, form));
    }

    /// Adds the place where an output column is named.
    pub fn push_output(&mut self, place: usize, own: Option<OwnName>) {
        self.flush();
        self.pieces.push(Piece::Output(place, own));
    }

    /// Adds a dependency that the text does not name.
    pub fn push_dependency(&mut self, id: ObjectId) {
        self.also.push(id);
    }

    /// Adds something that the meaning depends on besides the schema.
    pub fn push_doubt(&mut self, doubt: Doubt) {
        self.doubts.push(doubt);
    }

    /// Adds a whole template.
    pub fn push_template(&mut self, template: &Template) {
        for piece in template.pieces.iter() {
            match piece {
                Piece::Text(text) => self.push_str(text),
                Piece::Reference(id, form) => self.push_reference(id.clone(), *form),
                Piece::Output(place, own) => self.push_output(*place, own.clone()),
            }
        }
        self.also.extend(template.also.iter().cloned());
        self.doubts.extend_from_slice(&template.doubts);
    }

    /// Whether nothing has been added yet.
    pub fn is_empty(&self) -> bool {
        self.pieces.is_empty() && self.text.is_empty()
    }

    /// The last character of the text so far, when the last piece is text.
    pub fn last_char(&self) -> Option<char> {
        self.text.chars().next_back()
    }

    /// The template.
    pub fn finish(mut self) -> Template {
        self.flush();
        self.also.sort();
        self.also.dedup();
        self.doubts.sort();
        self.doubts.dedup();
        Template {
            pieces: self.pieces.into_boxed_slice(),
            also: self.also.into_boxed_slice(),
            doubts: self.doubts.into_boxed_slice(),
        }
    }

    fn flush(&mut self) {
        if !self.text.is_empty() {
            self.pieces.push(Piece::Text(Arc::from(self.text.as_str())));
            self.text.clear();
        }
    }
}
