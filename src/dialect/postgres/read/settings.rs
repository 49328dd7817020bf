//! The settings of a session that decide what later statements mean.

use crate::catalog::Ident;
use crate::dialect::postgres::Zone;

/// search_path, role and defaults of a session.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Settings {
    /// The schemas in which unqualified names are looked for, `pg_catalog` aside; new objects go into the first.
    pub search_path: Vec<Ident>,
    /// SET ROLE or SET SESSION AUTHORIZATION: who owns new objects.
    pub role: Option<Ident>,
    /// default_tablespace.
    pub tablespace: Option<Ident>,
    /// default_table_access_method, when it is not `heap`.
    pub access_method: Option<Ident>,
    /// TimeZone, when the text sets it.
    pub zone: Option<Zone>,
    /// What comes back at the end of the transaction, after SET LOCAL.
    after_transaction: Option<Box<Settings>>,
}

impl Default for Settings {
    fn default() -> Self {
        Settings {
            search_path: vec![Ident::from("public")],
            role: None,
            tablespace: None,
            access_method: None,
            zone: None,
            after_transaction: None,
        }
    }
}

impl Settings {
    /// Says that what has just been set holds until the end of the transaction only; `before` comes back then.
    pub(super) fn end_with_transaction(&mut self, before: Settings) {
        self.after_transaction = Some(match before.after_transaction {
            Some(earlier) => earlier,
            None => Box::new(before),
        });
    }

    /// The end of a transaction.
    pub(super) fn commit(&mut self) {
        if let Some(before) = self.after_transaction.take() {
            *self = *before;
        }
    }
}
