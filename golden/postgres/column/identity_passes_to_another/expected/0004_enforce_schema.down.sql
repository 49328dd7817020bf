-- 0004_enforce_schema.down.sql undoes 0004_enforce_schema.up.sql.
-- Phase enforce.
--
-- Takes back what the up file did for:
-- * Column number of public.authors is added.
--
-- Transaction: one; the file takes effect as a whole or not at all.
-- Locks:
--   public.authors  ACCESS EXCLUSIVE  reads and writes wait; brief
-- Time limits: lock_timeout 2s, statement_timeout 10s.
-- If it fails: everything is rolled back; run the file again. After a lock timeout (55P03) look for who holds
--              the lock first.
-- Truth label: exact; the schema and the rows that were there are as they were before the up file.

BEGIN;
SET LOCAL lock_timeout = '2s';
SET LOCAL statement_timeout = '10s';

-- Column number of public.authors may be null.
ALTER TABLE public.authors ALTER COLUMN number DROP NOT NULL;

COMMIT;
