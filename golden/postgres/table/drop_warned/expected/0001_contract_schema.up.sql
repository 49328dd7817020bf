-- 0001_contract_schema.up.sql
-- Phase contract: What is old goes. For the new application.
--
-- * Relation public.notes is dropped.
--   The old application may use it until the new one is deployed, so it goes last.
--
-- Transaction: one; the file takes effect as a whole or not at all.
-- Locks:
--   public.notes       ACCESS EXCLUSIVE  reads and writes wait; brief
--   public.notes_pkey  ACCESS EXCLUSIVE  reads and writes wait; brief
-- Time limits: lock_timeout 500ms, statement_timeout 3s.
-- If it fails: everything is rolled back; run the file again. After a lock timeout (55P03) look for who holds
--              the lock first.
-- Undone by: 0001_contract_schema.down.sql (loses data: the rows of relation public.notes).

BEGIN;
SET LOCAL lock_timeout = '500ms';
SET LOCAL statement_timeout = '3s';

-- Relation public.notes is dropped.
DROP TABLE public.notes;

COMMIT;
