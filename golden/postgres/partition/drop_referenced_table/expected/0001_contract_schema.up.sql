-- 0001_contract_schema.up.sql
-- Phase contract: What is old goes. For the new application.
--
-- * Constraint shops_region_fkey of public.shops is dropped.
--   The old application may rely on it until the new one is deployed.
-- * Relation public.regions_eu_west is dropped.
-- * Relation public.regions_eu is dropped.
-- * Relation public.regions_us is dropped.
-- * Relation public.regions is dropped.
--   The old application may use it until the new one is deployed, so it goes last.
--
-- Transaction: one; the file takes effect as a whole or not at all.
-- Locks:
--   public.regions          ACCESS EXCLUSIVE  reads and writes wait; brief
--   public.regions_eu       ACCESS EXCLUSIVE  reads and writes wait; brief
--   public.regions_eu_west  ACCESS EXCLUSIVE  reads and writes wait; brief
--   public.regions_pkey     ACCESS EXCLUSIVE  reads and writes wait; brief
--   public.regions_us       ACCESS EXCLUSIVE  reads and writes wait; brief
--   public.shops            ACCESS EXCLUSIVE  reads and writes wait; brief
-- Time limits: lock_timeout 500ms, statement_timeout 3s.
-- If it fails: everything is rolled back; run the file again. After a lock timeout (55P03) look for who holds
--              the lock first.
-- Undone by: 0001_contract_schema.down.sql (loses data: the rows of relation public.regions_eu_west; loses
--            data: the rows of relation public.regions_eu; loses data: the rows of relation
--            public.regions_us; loses data: the rows of relation public.regions).

BEGIN;
SET LOCAL lock_timeout = '500ms';
SET LOCAL statement_timeout = '3s';

-- Constraint shops_region_fkey of public.shops is dropped.
ALTER TABLE public.shops DROP CONSTRAINT shops_region_fkey;

-- Relation public.regions_eu_west is dropped.
DROP TABLE public.regions_eu_west;

-- Relation public.regions_eu is dropped.
DROP TABLE public.regions_eu;

-- Relation public.regions_us is dropped.
DROP TABLE public.regions_us;

-- Relation public.regions is dropped.
DROP TABLE public.regions;

COMMIT;
