-- 0004_enforce_schema.up.sql
-- Phase enforce: What is new becomes binding. For the new application; the old one where a sync trigger still
-- bridges.
--
-- * Column number of public.authors is added.
--   An identity would write the whole table anew, so old rows are numbered in batches.
--
-- Transaction: one; the file takes effect as a whole or not at all.
-- Locks:
--   public.authors  ACCESS EXCLUSIVE  reads and writes wait; brief
-- Time limits: lock_timeout 2s, statement_timeout 10s.
-- If it fails: everything is rolled back; run the file again. After a lock timeout (55P03) look for who holds
--              the lock first.
-- Undone by: 0004_enforce_schema.down.sql (exact).

BEGIN;
SET LOCAL lock_timeout = '2s';
SET LOCAL statement_timeout = '10s';

-- New rows have a value in column number of public.authors.
ALTER TABLE public.authors ADD CONSTRAINT authors_number_not_null NOT NULL number NOT VALID;

COMMIT;
