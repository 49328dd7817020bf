-- 0001_expand_schema.down.sql undoes 0001_expand_schema.up.sql.
-- Phase expand.
--
-- Takes back what the up file did for:
-- * Column minor_units of public.currencies changes from smallint to integer.
--
-- Transaction: one; the file takes effect as a whole or not at all.
-- Locks:
--   public.currencies       ACCESS EXCLUSIVE  reads and writes wait; all rows and indexes are written anew
--   public.currencies_pkey  ACCESS EXCLUSIVE  reads and writes wait; brief
-- Hazard: public.currencies (ACCESS EXCLUSIVE) stays locked while this file reads or writes rows; run it when
--         those who read and write can wait.
-- Time limits: lock_timeout 500ms, no statement_timeout, since the time depends on the number of rows.
-- If it fails: everything is rolled back; run the file again. After a lock timeout (55P03) look for who holds
--              the lock first.
-- Truth label: exact; the schema and the rows that were there are as they were before the up file.

BEGIN;
SET LOCAL lock_timeout = '500ms';
SET LOCAL statement_timeout = 0;

-- Column minor_units of public.currencies becomes smallint.
ALTER TABLE public.currencies ALTER COLUMN minor_units TYPE smallint;

COMMIT;
