-- 0001_expand_schema.up.sql
-- Phase expand: New objects are made beside the old ones. For the old application, unchanged.
--
-- * Extension hstore is created.
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

-- Other default privileges are meant for what extension hstore brings.
ALTER DEFAULT PRIVILEGES GRANT EXECUTE ON FUNCTIONS TO PUBLIC;

-- Other default privileges are meant for what extension hstore brings.
ALTER DEFAULT PRIVILEGES IN SCHEMA public REVOKE EXECUTE ON FUNCTIONS FROM pg_monitor;

-- Extension hstore is created.
CREATE EXTENSION hstore SCHEMA public;

-- Default privileges are what they were.
ALTER DEFAULT PRIVILEGES REVOKE EXECUTE ON FUNCTIONS FROM PUBLIC;

-- Default privileges are what they were.
ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT EXECUTE ON FUNCTIONS TO pg_monitor;

-- Revoked on function public.hstore(text, text).
REVOKE EXECUTE ON FUNCTION public.hstore(text, text) FROM PUBLIC;

COMMIT;
