-- 0016_contract_schema.down.sql undoes 0016_contract_schema.up.sql.
-- Phase contract.
--
-- Takes back what the up file did for:
-- * Column id of public.event changes from integer to bigint.
--
-- Transaction: one; the file takes effect as a whole or not at all.
-- Locks:
--   public.event       SHARE UPDATE EXCLUSIVE  reads and writes go on, VACUUM and DDL wait; all rows are read
--   public.event_2024  SHARE UPDATE EXCLUSIVE  reads and writes go on, VACUUM and DDL wait; all rows are read
-- Time limits: lock_timeout 500ms, no statement_timeout, since the time depends on the number of rows.
-- If it fails: everything is rolled back; run the file again. After a lock timeout (55P03) look for who holds
--              the lock first.
-- Truth label: exact; the schema and the rows that were there are as they were before the up file.

BEGIN;
SET LOCAL lock_timeout = '500ms';
SET LOCAL statement_timeout = 0;

-- No row has a null in id_underpin_old.
ALTER TABLE public.event VALIDATE CONSTRAINT event_id_not_null_underpin_old;

COMMIT;
