CREATE EXTENSION hstore;
REVOKE EXECUTE ON FUNCTION hstore(text, text) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION hstore(text, text) TO pg_monitor;
GRANT ALL ON FUNCTION pg_read_file(text) TO pg_monitor;
REVOKE EXECUTE ON FUNCTION pg_switch_wal() FROM PUBLIC;
