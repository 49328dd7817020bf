-- no-transaction
-- 0003_contract_schema.up.sql
-- Phase contract: What is old goes. For the new application.
--
-- * Relation public.regions_eu is dropped.
--   It is detached first, so that the partitioned table is hardly locked.
--
-- Transaction: none; one statement, which the server refuses in a transaction or which commits by itself.
-- Locks:
--   public.regions     SHARE UPDATE EXCLUSIVE  reads and writes go on, VACUUM and DDL wait; brief
--   public.regions_eu  ACCESS EXCLUSIVE        reads and writes wait; all rows are read
--   public.shops       ACCESS EXCLUSIVE        reads and writes wait; all rows are read
-- Time limits: none can be set in this file, and none should hold: run it with lock_timeout and
--              statement_timeout 0. It makes no reader or writer wait for long.
-- If it fails: run the file again.
-- Undone by: 0003_contract_schema.down.sql (exact).

-- Relation public.regions_eu stands by itself.
ALTER TABLE public.regions DETACH PARTITION public.regions_eu CONCURRENTLY;
