-- 0001_enforce_schema.down.sql undoes 0001_enforce_schema.up.sql.
-- Phase enforce.
--
-- Takes back what the up file did for:
-- * Column name of public.vehicles becomes NOT NULL.
-- * Constraint assets_name_check of public.vehicles is added.
--
-- Transaction: one; the file takes effect as a whole or not at all.
-- Locks:
--   public.vehicles  ACCESS EXCLUSIVE  reads and writes wait; brief
-- Time limits: lock_timeout 2s, statement_timeout 10s.
-- If it fails: everything is rolled back; run the file again. After a lock timeout (55P03) look for who holds
--              the lock first.
-- Truth label: exact; the schema and the rows that were there are as they were before the up file.

BEGIN;
SET LOCAL lock_timeout = '2s';
SET LOCAL statement_timeout = '10s';

-- Constraint assets_name_check of public.vehicles is dropped.
ALTER TABLE public.vehicles DROP CONSTRAINT assets_name_check;

-- Column name of public.vehicles may be null.
ALTER TABLE public.vehicles ALTER COLUMN name DROP NOT NULL;

COMMIT;
