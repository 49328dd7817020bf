-- 0005_enforce_schema.up.sql
-- Phase enforce: What is new becomes binding. For the new application; the old one where a sync trigger still
-- bridges.
--
-- * Column number of public.authors is added.
--   An identity would write the whole table anew, so old rows are numbered in batches.
--
-- Transaction: one; the file takes effect as a whole or not at all.
-- Locks:
--   public.authors  SHARE UPDATE EXCLUSIVE  reads and writes go on, VACUUM and DDL wait; all rows are read
-- Time limits: lock_timeout 2s, statement_timeout 10s, none for what reads or writes rows.
-- If it fails: everything is rolled back; run the file again. After a lock timeout (55P03) look for who holds
--              the lock first.
-- Undone by: 0005_enforce_schema.down.sql (exact).

BEGIN;
SET LOCAL lock_timeout = '2s';
SET LOCAL statement_timeout = 0;

-- Every row is checked for column number of public.authors; writers go on.
ALTER TABLE public.authors VALIDATE CONSTRAINT authors_number_not_null;

SET LOCAL statement_timeout = '10s';
-- No row is null in column number of public.authors.
DO $$
BEGIN
    IF NOT EXISTS (
        SELECT FROM pg_catalog.pg_constraint
        WHERE conrelid = to_regclass('public.authors') AND conname = 'authors_number_not_null' AND convalidated
    ) THEN
        RAISE EXCEPTION 'constraint authors_number_not_null of public.authors is missing or not validated';
    END IF;
END
$$;

COMMIT;
