CREATE EXTENSION hstore;
REVOKE EXECUTE ON FUNCTION hstore(text, text) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION hstore(text, text) TO pg_monitor;

CREATE EXTENSION pg_stat_statements;
GRANT EXECUTE ON FUNCTION pg_stat_statements_reset(oid, oid, bigint, boolean) TO pg_monitor;
REVOKE SELECT ON pg_stat_statements FROM PUBLIC;
