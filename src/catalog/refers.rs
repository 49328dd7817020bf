//! What an object refers to, and how its references follow a rename: one list of fields serves both.

use super::data_type::DataType;
use super::id::ObjectId;
use super::template::{Doubt, Template};

/// Something that holds references to objects.
pub trait Refers {
    /// Hands every reference to `sink`; repeats are possible.
    fn references(&self, sink: &mut dyn FnMut(&ObjectId));
    /// Puts another identity in the place of each reference for which `rename` has one.
    fn rename(&mut self, rename: &dyn Fn(&ObjectId) -> Option<ObjectId>);
    /// Hands on what the meaning of its templates depends on besides the schema.
    fn doubts(&self, sink: &mut dyn FnMut(Doubt));
}

impl Refers for ObjectId {
    fn references(&self, sink: &mut dyn FnMut(&ObjectId)) {
        sink(self);
    }
    fn rename(&mut self, rename: &dyn Fn(&ObjectId) -> Option<ObjectId>) {
        if let Some(new) = rename(self) {
            *self = new;
        }
    }
    fn doubts(&self, _: &mut dyn FnMut(Doubt)) {}
}

impl Refers for Template {
    fn references(&self, sink: &mut dyn FnMut(&ObjectId)) {
        Template::references(self).for_each(sink);
    }
    fn rename(&mut self, rename: &dyn Fn(&ObjectId) -> Option<ObjectId>) {
        Template::rename(self, rename);
    }
    fn doubts(&self, sink: &mut dyn FnMut(Doubt)) {
        Template::doubts(self).iter().copied().for_each(sink);
    }
}

impl Refers for DataType {
    fn references(&self, sink: &mut dyn FnMut(&ObjectId)) {
        if let Some(id) = self.reference() {
            sink(&id);
        }
    }
    fn rename(&mut self, rename: &dyn Fn(&ObjectId) -> Option<ObjectId>) {
        if let Some(ObjectId::Type(name)) = self.reference().and_then(|id| rename(&id)) {
            self.name = name;
        }
    }
    fn doubts(&self, _: &mut dyn FnMut(Doubt)) {}
}

impl<T: Refers> Refers for Option<T> {
    fn references(&self, sink: &mut dyn FnMut(&ObjectId)) {
        if let Some(inner) = self {
            inner.references(sink);
        }
    }
    fn rename(&mut self, rename: &dyn Fn(&ObjectId) -> Option<ObjectId>) {
        if let Some(inner) = self {
            inner.rename(rename);
        }
    }
    fn doubts(&self, sink: &mut dyn FnMut(Doubt)) {
        if let Some(inner) = self {
            inner.doubts(sink);
        }
    }
}

impl<T: Refers> Refers for Box<T> {
    fn references(&self, sink: &mut dyn FnMut(&ObjectId)) {
        (**self).references(sink);
    }
    fn rename(&mut self, rename: &dyn Fn(&ObjectId) -> Option<ObjectId>) {
        (**self).rename(rename);
    }
    fn doubts(&self, sink: &mut dyn FnMut(Doubt)) {
        (**self).doubts(sink);
    }
}

impl<T: Refers> Refers for Vec<T> {
    fn references(&self, sink: &mut dyn FnMut(&ObjectId)) {
        for item in self {
            item.references(sink);
        }
    }
    fn rename(&mut self, rename: &dyn Fn(&ObjectId) -> Option<ObjectId>) {
        for item in self {
            item.rename(rename);
        }
    }
    fn doubts(&self, sink: &mut dyn FnMut(Doubt)) {
        for item in self {
            item.doubts(sink);
        }
    }
}

/// Implements [`Refers`] for a struct by the fields that hold references.
macro_rules! refers {
    ($name:ident { $($field:ident),* $(,)? }) => {
        impl $crate::catalog::refers::Refers for $name {
            #[allow(unused_variables)] // a kind may refer to nothing
            fn references(&self, sink: &mut dyn FnMut(&$crate::catalog::ObjectId)) {
                $( $crate::catalog::refers::Refers::references(&self.$field, sink); )*
            }
            #[allow(unused_variables)]
            fn rename(&mut self, rename: &dyn Fn(&$crate::catalog::ObjectId) -> Option<$crate::catalog::ObjectId>) {
                $( $crate::catalog::refers::Refers::rename(&mut self.$field, rename); )*
            }
            #[allow(unused_variables)]
            fn doubts(&self, sink: &mut dyn FnMut($crate::catalog::Doubt)) {
                $( $crate::catalog::refers::Refers::doubts(&self.$field, sink); )*
            }
        }
    };
}
pub(crate) use refers;
