//! What an extension's control file says of well-known extensions.
//!
//! Knows their comments, the schemas that some of them demand and which of them can never be moved. Knows nothing of what they make.

/// Extensions whose control file names a schema; all others go where they are told or into the first of `search_path`.
const FIXED_SCHEMAS: [(&str, &str); 10] = [
    ("adminpack", "pg_catalog"),
    ("pg_cron", "pg_catalog"),
    ("plperl", "pg_catalog"),
    ("plperlu", "pg_catalog"),
    ("plpython3u", "pg_catalog"),
    ("pltcl", "pg_catalog"),
    ("pltclu", "pg_catalog"),
    ("pgmq", "pgmq"),
    ("postgis_tiger_geocoder", "tiger"),
    ("postgis_topology", "topology"),
];

/// Extensions without `relocatable = true` in their control file, besides those of [`FIXED_SCHEMAS`], which never have it.
const STAYING: [&str; 7] = [
    "pg_partman",
    "plpgsql",
    "postgis",
    "postgis_raster",
    "postgis_sfcgal",
    "timescaledb",
    "xml2",
];

/// Whether ALTER EXTENSION … SET SCHEMA is refused for an extension (`AlterExtensionNamespace` in extension.c).
pub(in crate::dialect::postgres) fn stays_in_its_schema(extension: &str) -> bool {
    STAYING.contains(&extension) || fixed_schema(extension).is_some()
}

/// Whether an operator class, as an index names it, is PostgreSQL's own and no extension's.
pub(in crate::dialect::postgres) fn is_built_in_operator_class(written: &str) -> bool {
    let name = written.rsplit('.').next().unwrap_or(written);
    include_str!("../../../../grammar/postgres/catalog/operator_classes.tsv")
        .lines()
        .map(|line| line.split('\t').collect::<Vec<_>>())
        .any(|fields| fields.first() == Some(&"-") && fields.get(2) == Some(&name))
}

/// The schema that an extension's control file names.
pub(super) fn fixed_schema(extension: &str) -> Option<&'static str> {
    let found = FIXED_SCHEMAS.iter().find(|(name, _)| *name == extension)?;
    Some(found.1)
}

/// The comment that CREATE EXTENSION sets by itself.
pub(in crate::dialect::postgres) fn own_comment(extension: &str) -> Option<&'static str> {
    include_str!("../../../../grammar/postgres/catalog/extension_comments.tsv")
        .lines()
        .skip(1)
        .filter_map(|line| line.split_once('\t'))
        .find_map(|(name, own)| (name == extension).then_some(own))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_extension_with_a_schema_of_its_own_never_moves() {
        assert!(stays_in_its_schema("xml2") && stays_in_its_schema("pg_cron"));
        assert!(!stays_in_its_schema("pgcrypto"));
    }

    #[test]
    fn a_control_files_comment_is_known() {
        assert_eq!(own_comment("pgcrypto"), Some("cryptographic functions"));
        assert_eq!(own_comment("extension"), None);
    }
}
