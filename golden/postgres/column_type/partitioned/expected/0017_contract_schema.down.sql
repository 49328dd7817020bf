-- 0017_contract_schema.down.sql undoes 0017_contract_schema.up.sql.
-- Phase contract.
--
-- Takes back what the up file did for:
-- * Column id of public.event changes from integer to bigint.
--
-- Transaction: one; the file takes effect as a whole or not at all.
-- Locks:
--   public.event       ACCESS EXCLUSIVE  reads and writes wait; brief
--   public.event_2024  ACCESS EXCLUSIVE  reads and writes wait; brief
-- Time limits: lock_timeout 500ms, statement_timeout 3s.
-- If it fails: everything is rolled back; run the file again. After a lock timeout (55P03) look for who holds
--              the lock first.
-- Truth label: exact; the schema and the rows that were there are as they were before the up file.

BEGIN;
SET LOCAL lock_timeout = '500ms';
SET LOCAL statement_timeout = '3s';

-- No new row has a null in id_underpin_old.
ALTER TABLE public.event ADD CONSTRAINT event_id_not_null_underpin_old NOT NULL id_underpin_old NOT VALID;

COMMIT;
