//! Names of scaffolding: what a plan makes on its way and takes away before its end.
//!
//! They say `underpin`, have at most 63 bytes, are the same for the same input and clash with nothing on either side.

use super::lowering::Lowering;
use crate::catalog::{Ident, ObjectId};

/// The longest name that a server keeps (`NAMEDATALEN` less one).
const LONGEST: usize = 63;

impl Lowering<'_> {
    /// A name made of an object's own name and a word for the purpose, free among the identities that `identity` makes.
    pub fn scaffold_name(&self, base: &str, purpose: &str, identity: impl Fn(Ident) -> ObjectId) -> Ident {
        let suffix = format!("_underpin_{purpose}");
        let mut name = Ident::new(joined(base, &suffix));
        let mut number = 2_u32;
        loop {
            let id = identity(name.clone());
            if !self.pair.from.contains(&id) && !self.pair.to.contains(&id) {
                return name;
            }
            name = Ident::new(joined(base, &format!("{suffix}{number}")));
            number += 1;
        }
    }
}

/// The base cut so that the whole fits.
fn joined(base: &str, suffix: &str) -> String {
    let mut length = base.len().min(LONGEST.saturating_sub(suffix.len()));
    while !base.is_char_boundary(length) {
        length -= 1;
    }
    format!("{}{suffix}", &base[..length])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_long_name_is_cut_between_characters() {
        let base = "ä".repeat(40);
        let name = joined(&base, "_underpin_new");
        assert!(name.len() <= LONGEST);
        assert!(name.ends_with("ä_underpin_new"));
    }
}
