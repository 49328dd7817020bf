-- 0007_contract_schema.up.sql
-- Phase contract: What is old goes. For the new application.
--
-- * Column id of public.authors is dropped.
--   The old application uses it until the new one is deployed, so it goes last.
--
-- Transaction: one; the file takes effect as a whole or not at all.
-- Locks:
--   public.authors                       ACCESS EXCLUSIVE  reads and writes wait; brief
--   public.authors_id_seq_underpin_gone  ACCESS EXCLUSIVE  reads and writes wait; brief
-- Time limits: lock_timeout 500ms, statement_timeout 3s.
-- If it fails: everything is rolled back; run the file again. After a lock timeout (55P03) look for who holds
--              the lock first.
-- Undone by: 0007_contract_schema.down.sql (loses data: the values of column id of public.authors).

BEGIN;
SET LOCAL lock_timeout = '500ms';
SET LOCAL statement_timeout = '3s';

-- Column id of public.authors is dropped.
ALTER TABLE public.authors DROP COLUMN id;

COMMIT;
