-- 0001_contract_schema.up.sql
-- Phase contract: What is old goes. For the new application.
--
-- * Relation public.logs is dropped.
-- * Relation public.logs_1 is dropped.
-- * Relation public.logs_2 is dropped.
--   The old application may use it until the new one is deployed, so it goes last.
--
-- Transaction: one; the file takes effect as a whole or not at all.
-- Locks:
--   public.logs         ACCESS EXCLUSIVE  reads and writes wait; brief
--   public.logs_1       ACCESS EXCLUSIVE  reads and writes wait; brief
--   public.logs_2       ACCESS EXCLUSIVE  reads and writes wait; brief
--   public.logs_at_idx  ACCESS EXCLUSIVE  reads and writes wait; brief
-- Time limits: lock_timeout 500ms, statement_timeout 3s.
-- If it fails: everything is rolled back; run the file again. After a lock timeout (55P03) look for who holds
--              the lock first.
-- Undone by: 0001_contract_schema.down.sql (loses data: the rows of relation public.logs_1; loses data: the
--            rows of relation public.logs_2; loses data: the rows of relation public.logs).

BEGIN;
SET LOCAL lock_timeout = '500ms';
SET LOCAL statement_timeout = '3s';

-- Relation public.logs_at_idx is dropped.
DROP INDEX public.logs_at_idx;

-- Relation public.logs_1 is dropped.
DROP TABLE public.logs_1;

-- Relation public.logs_2 is dropped.
DROP TABLE public.logs_2;

-- Relation public.logs is dropped.
DROP TABLE public.logs;

COMMIT;
