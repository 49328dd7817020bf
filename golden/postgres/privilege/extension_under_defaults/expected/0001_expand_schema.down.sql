-- 0001_expand_schema.down.sql undoes 0001_expand_schema.up.sql.
-- Phase expand.
--
-- Takes back what the up file did for:
-- * Extension hstore is created.
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

-- Extension hstore is dropped.
DROP EXTENSION hstore;

COMMIT;
