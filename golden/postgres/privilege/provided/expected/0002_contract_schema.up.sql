-- 0002_contract_schema.up.sql
-- Phase contract: What is old goes. For the new application.
--
-- * The privileges on relation pg_catalog.pg_file_settings change.
-- * The privileges on function pg_catalog.pg_notify(text, text) change.
-- * The privileges on language plpgsql change.
--   What is granted comes first and what is revoked goes last, so that both applications may do their work.
--
-- Transaction: one; the file takes effect as a whole or not at all.
-- Locks: none on a relation that is in use.
-- Time limits: lock_timeout 2s, statement_timeout 10s.
-- If it fails: everything is rolled back; run the file again. After a lock timeout (55P03) look for who holds
--              the lock first.
-- Undone by: 0002_contract_schema.down.sql (exact).

BEGIN;
SET LOCAL lock_timeout = '2s';
SET LOCAL statement_timeout = '10s';

-- Revoked on relation pg_catalog.pg_file_settings.
REVOKE SELECT ON TABLE pg_catalog.pg_file_settings FROM pg_read_all_settings;

-- Revoked on function pg_catalog.pg_notify(text, text).
REVOKE EXECUTE ON FUNCTION pg_catalog.pg_notify(text, text) FROM PUBLIC;

-- Revoked on language plpgsql.
REVOKE USAGE ON LANGUAGE plpgsql FROM PUBLIC;

COMMIT;
