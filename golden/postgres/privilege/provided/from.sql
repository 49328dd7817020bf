CREATE SCHEMA app;

GRANT SELECT ON pg_catalog.pg_file_settings TO pg_read_all_settings;
