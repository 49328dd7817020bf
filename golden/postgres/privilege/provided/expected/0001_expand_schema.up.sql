-- 0001_expand_schema.up.sql
-- Phase expand: New objects are made beside the old ones. For the old application, unchanged.
--
-- * The privileges on column rolname of pg_catalog.pg_authid change.
--   What is granted comes first and what is revoked goes last, so that both applications may do their work.
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

-- Granted on column rolname of pg_catalog.pg_authid.
GRANT SELECT (rolname) ON TABLE pg_catalog.pg_authid TO pg_monitor;

COMMIT;
