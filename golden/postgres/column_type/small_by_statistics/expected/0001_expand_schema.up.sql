-- 0001_expand_schema.up.sql
-- Phase expand: New objects are made beside the old ones. For the old application, unchanged.
--
-- * Column minor_units of public.currencies changes from smallint to integer.
--   The table is known to be small, or may stand still: it is changed directly, under a lock.
--
-- Transaction: one; the file takes effect as a whole or not at all.
-- Locks:
--   public.currencies       ACCESS EXCLUSIVE  reads and writes wait; all rows and indexes are written anew
--   public.currencies_pkey  ACCESS EXCLUSIVE  reads and writes wait; brief
-- Time limits: lock_timeout 500ms, no statement_timeout, since the time depends on the number of rows.
-- If it fails: everything is rolled back; run the file again. After a lock timeout (55P03) look for who holds
--              the lock first.
-- Undone by: 0001_expand_schema.down.sql (exact).

BEGIN;
SET LOCAL lock_timeout = '500ms';
SET LOCAL statement_timeout = 0;

-- Column minor_units of public.currencies becomes integer.
ALTER TABLE public.currencies ALTER COLUMN minor_units TYPE integer;

COMMIT;
