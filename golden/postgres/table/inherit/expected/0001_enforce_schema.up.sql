-- 0001_enforce_schema.up.sql
-- Phase enforce: What is new becomes binding. For the new application; the old one where a sync trigger still
-- bridges.
--
-- * Column name of public.vehicles becomes NOT NULL.
--   A constraint that is validated under a weak lock proves that no row is null.
-- * Constraint assets_name_check of public.vehicles is added.
--   New rows obey it first; old rows are then checked under a lock that lets writers go on.
--
-- Transaction: one; the file takes effect as a whole or not at all.
-- Locks:
--   public.vehicles  ACCESS EXCLUSIVE  reads and writes wait; brief
-- Time limits: lock_timeout 2s, statement_timeout 10s.
-- If it fails: everything is rolled back; run the file again. After a lock timeout (55P03) look for who holds
--              the lock first.
-- Undone by: 0001_enforce_schema.down.sql (exact).

BEGIN;
SET LOCAL lock_timeout = '2s';
SET LOCAL statement_timeout = '10s';

-- New rows have a value in column name of public.vehicles.
ALTER TABLE public.vehicles ADD CONSTRAINT vehicles_name_not_null NOT NULL name NOT VALID;

-- New rows obey constraint assets_name_check of public.vehicles.
ALTER TABLE public.vehicles ADD CONSTRAINT assets_name_check CHECK ((name <> ''::text)) NOT VALID;

COMMIT;
