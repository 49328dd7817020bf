-- 0007_contract_schema.down.sql undoes 0007_contract_schema.up.sql.
-- Phase contract.
--
-- Takes back what the up file did for:
-- * Column name of public.users is renamed to full_name.
--
-- Transaction: one; the file takes effect as a whole or not at all.
-- Locks:
--   public.users  SHARE UPDATE EXCLUSIVE  reads and writes go on, VACUUM and DDL wait; all rows are read
-- Time limits: lock_timeout 2s, no statement_timeout, since the time depends on the number of rows.
-- If it fails: everything is rolled back; run the file again. After a lock timeout (55P03) look for who holds
--              the lock first.
-- Truth label: exact; the schema and the rows that were there are as they were before the up file.

BEGIN;
SET LOCAL lock_timeout = '2s';
SET LOCAL statement_timeout = 0;

-- No row has a null in name.
ALTER TABLE public.users VALIDATE CONSTRAINT users_name_not_null_underpin_old;

COMMIT;
