-- 0001_expand_schema.up.sql
-- Phase expand: New objects are made beside the old ones. For the old application, unchanged.
--
-- * The privileges on function public.hstore(text, text) change.
--   What is granted comes first and what is revoked goes last, so that both applications may do their work.
-- * Extension pg_stat_statements is created.
--   Nothing uses it yet, so a plain CREATE is safe.
--
-- Transaction: one; the file takes effect as a whole or not at all.
-- Locks: none on a relation that is in use.
-- Time limits: lock_timeout 2s, statement_timeout 10s.
-- If it fails: everything is rolled back; run the file again. After a lock timeout (55P03) look for who holds
--              the lock first.
-- Undone by: 0001_expand_schema.down.sql (exact).

BEGIN;
SET LOCAL lock_timeout = '2s';
SET LOCAL statement_timeout = '10s';

-- Granted on function public.hstore(text, text).
GRANT EXECUTE ON FUNCTION public.hstore(text, text) TO pg_monitor;

-- Extension pg_stat_statements is created.
CREATE EXTENSION pg_stat_statements SCHEMA public;

-- Granted on function public.pg_stat_statements_reset(oid, oid, int8, bool).
GRANT EXECUTE ON FUNCTION public.pg_stat_statements_reset(oid, oid, bigint, boolean) TO pg_monitor;

-- Revoked on relation public.pg_stat_statements.
REVOKE SELECT ON TABLE public.pg_stat_statements FROM PUBLIC;

COMMIT;
