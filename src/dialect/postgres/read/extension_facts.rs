//! What an extension's control file says of well-known extensions.
//!
//! Knows their comments and the schemas that some of them demand. Knows nothing of what they make.

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

/// The schema that an extension's control file names.
pub(super) fn fixed_schema(extension: &str) -> Option<&'static str> {
    let found = FIXED_SCHEMAS.iter().find(|(name, _)| *name == extension)?;
    Some(found.1)
}

/// Whether a comment is the one that CREATE EXTENSION sets by itself.
pub(super) fn is_own_comment(extension: &str, comment: &str) -> bool {
    include_str!("../../../../grammar/postgres/catalog/extension_comments.tsv")
        .lines()
        .skip(1)
        .filter_map(|line| line.split_once('\t'))
        .any(|(name, own)| name == extension && own == comment)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_control_files_comment_is_known_in_every_wording() {
        assert!(is_own_comment("pgcrypto", "cryptographic functions"));
        assert!(!is_own_comment("pgcrypto", "our functions"));
        assert!(!is_own_comment("extension", "comment"));
    }
}
