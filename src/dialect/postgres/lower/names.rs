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

/// The base and the suffix; a base that does not fit whole is cut, and a number made of all of it tells it from others
/// that begin alike.
fn joined(base: &str, suffix: &str) -> String {
    if base.len() + suffix.len() <= LONGEST {
        return format!("{base}{suffix}");
    }
    let suffix = format!("_{:08x}{suffix}", fingerprint(base));
    let mut length = base.len().min(LONGEST.saturating_sub(suffix.len()));
    while !base.is_char_boundary(length) {
        length -= 1;
    }
    format!("{}{suffix}", &base[..length])
}

/// The 32-bit FNV-1a hash, the same on every machine and with every compiler, as the names in written files must be.
fn fingerprint(text: &str) -> u32 {
    text.bytes().fold(0x811c_9dc5, |hash, byte| {
        (hash ^ u32::from(byte)).wrapping_mul(0x0100_0193)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_long_name_is_cut_between_characters() {
        let base = "ä".repeat(40);
        let name = joined(&base, "_underpin_new");
        assert!(name.len() <= LONGEST);
        assert_eq!(
            name,
            format!("{}_{:08x}_underpin_new", "ä".repeat(20), fingerprint(&base))
        );
    }

    #[test]
    fn long_names_that_begin_alike_stay_apart() {
        let base = "i".repeat(60);
        assert_ne!(
            joined(&base, "_underpin_new"),
            joined(&format!("{base}_2"), "_underpin_new")
        );
        assert_eq!(joined("orders", "_underpin_new"), "orders_underpin_new");
        // The value that the definition of FNV gives for "foobar".
        assert_eq!(fingerprint("foobar"), 0xbf9c_f968);
    }
}
