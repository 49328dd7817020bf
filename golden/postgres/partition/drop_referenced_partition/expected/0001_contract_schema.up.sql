-- 0001_contract_schema.up.sql
-- Phase contract: What is old goes. For the new application.
--
-- * Relation public.regions_eu_west is dropped.
--   A foreign key that stays may refer to it, so it is detached first.
--
-- Transaction: one; the file takes effect as a whole or not at all.
-- Locks:
--   public.regions_eu            ACCESS EXCLUSIVE  reads and writes wait; brief
--   public.regions_eu_west       ACCESS EXCLUSIVE  reads and writes wait; all rows are read
--   public.regions_eu_west_pkey  ACCESS EXCLUSIVE  reads and writes wait; brief
--   public.shops                 ACCESS EXCLUSIVE  reads and writes wait; all rows are read
-- Time limits: lock_timeout 500ms, no statement_timeout, since the time depends on the number of rows.
-- If it fails: everything is rolled back; run the file again. After a lock timeout (55P03) look for who holds
--              the lock first.
-- Undone by: 0001_contract_schema.down.sql (exact).

BEGIN;
SET LOCAL lock_timeout = '500ms';
SET LOCAL statement_timeout = 0;

-- Relation public.regions_eu_west stands by itself.
ALTER TABLE public.regions_eu DETACH PARTITION public.regions_eu_west;

COMMIT;
