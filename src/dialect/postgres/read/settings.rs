//! The settings of a session that decide what later statements mean.

use crate::catalog::Ident;

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
}

impl Default for Settings {
    fn default() -> Self {
        Settings {
            search_path: vec![Ident::from("public")],
            role: None,
            tablespace: None,
            access_method: None,
        }
    }
}
