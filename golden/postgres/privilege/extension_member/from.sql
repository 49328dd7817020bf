CREATE EXTENSION hstore;
GRANT EXECUTE ON FUNCTION hstore_to_json(hstore) TO pg_monitor;

CREATE EXTENSION pg_trgm;
REVOKE EXECUTE ON FUNCTION similarity(text, text) FROM PUBLIC;
