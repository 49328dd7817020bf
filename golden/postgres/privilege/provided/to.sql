CREATE SCHEMA app;

GRANT SELECT (rolname) ON pg_catalog.pg_authid TO pg_monitor;
REVOKE EXECUTE ON FUNCTION pg_catalog.pg_notify(text, text) FROM PUBLIC;
REVOKE USAGE ON LANGUAGE plpgsql FROM PUBLIC;
