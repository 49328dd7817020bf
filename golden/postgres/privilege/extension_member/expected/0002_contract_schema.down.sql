-- 0002_contract_schema.down.sql undoes 0002_contract_schema.up.sql.
-- Phase contract.
--
-- Takes back what the up file did for:
-- * The privileges on function public.hstore_to_json(hstore) change.
-- * The privileges on function public.hstore(text, text) change.
-- * Extension pg_trgm is dropped.
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

-- Extension pg_trgm is created.
CREATE EXTENSION pg_trgm SCHEMA public;

-- Revoked on function public.similarity(text, text).
REVOKE EXECUTE ON FUNCTION public.similarity(text, text) FROM PUBLIC;

-- Granted on function public.hstore(text, text).
GRANT EXECUTE ON FUNCTION public.hstore(text, text) TO PUBLIC;

-- Granted on function public.hstore_to_json(hstore).
GRANT EXECUTE ON FUNCTION public.hstore_to_json(public.hstore) TO pg_monitor;

COMMIT;
