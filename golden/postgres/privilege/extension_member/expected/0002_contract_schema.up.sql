-- 0002_contract_schema.up.sql
-- Phase contract: What is old goes. For the new application.
--
-- * The privileges on function public.hstore_to_json(hstore) change.
-- * The privileges on function public.hstore(text, text) change.
--   What is granted comes first and what is revoked goes last, so that both applications may do their work.
-- * Extension pg_trgm is dropped.
--   The old application may use it until the new one is deployed, so it goes last.
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

-- Revoked on function public.hstore_to_json(hstore).
REVOKE EXECUTE ON FUNCTION public.hstore_to_json(public.hstore) FROM pg_monitor;

-- Revoked on function public.hstore(text, text).
REVOKE EXECUTE ON FUNCTION public.hstore(text, text) FROM PUBLIC;

-- Extension pg_trgm is dropped.
DROP EXTENSION pg_trgm;

COMMIT;
