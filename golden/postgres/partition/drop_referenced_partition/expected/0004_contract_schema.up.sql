-- 0004_contract_schema.up.sql
-- Phase contract: What is old goes. For the new application.
--
-- * Relation public.regions_eu is dropped.
--   It is detached first, so that the partitioned table is hardly locked.
--
-- Transaction: one; the file takes effect as a whole or not at all.
-- Locks:
--   public.regions_eu       ACCESS EXCLUSIVE  reads and writes wait; brief
--   public.regions_eu_pkey  ACCESS EXCLUSIVE  reads and writes wait; brief
--   public.regions_eu_west  ACCESS EXCLUSIVE  reads and writes wait; brief
-- Time limits: lock_timeout 500ms, statement_timeout 3s.
-- If it fails: everything is rolled back; run the file again. After a lock timeout (55P03) look for who holds
--              the lock first.
-- Undone by: 0004_contract_schema.down.sql (loses data: the rows of relation public.regions_eu).

BEGIN;
SET LOCAL lock_timeout = '500ms';
SET LOCAL statement_timeout = '3s';

-- Relation public.regions_eu is dropped.
DROP TABLE public.regions_eu;

COMMIT;
