-- 0002_contract_schema.down.sql undoes 0002_contract_schema.up.sql.
-- Phase contract.
--
-- Takes back what the up file did for:
-- * The privileges on relation pg_catalog.pg_file_settings change.
-- * The privileges on function pg_catalog.pg_notify(text, text) change.
-- * The privileges on language plpgsql change.
--
-- Transaction: one; the file takes effect as a whole or not at all.
-- Locks: none on a relation that is in use.
-- Time limits: lock_timeout 2s, statement_timeout 10s.
-- If it fails: everything is rolled back; run the file again. After a lock timeout (55P03) look for who holds
--              the lock first.
-- Truth label: exact; the schema and the rows that were there are as they were before the up file.

BEGIN;
SET LOCAL lock_timeout = '2s';
SET LOCAL statement_timeout = '10s';

-- Granted on language plpgsql.
GRANT USAGE ON LANGUAGE plpgsql TO PUBLIC;

-- Granted on function pg_catalog.pg_notify(text, text).
GRANT EXECUTE ON FUNCTION pg_catalog.pg_notify(text, text) TO PUBLIC;

-- Granted on relation pg_catalog.pg_file_settings.
GRANT SELECT ON TABLE pg_catalog.pg_file_settings TO pg_read_all_settings;

COMMIT;
