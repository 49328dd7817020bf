-- 0002_enforce_schema.up.sql
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
--   public.vehicles  SHARE UPDATE EXCLUSIVE  reads and writes go on, VACUUM and DDL wait; all rows are read
-- Time limits: lock_timeout 2s, statement_timeout 10s, none for what reads or writes rows.
-- If it fails: everything is rolled back; run the file again. After a lock timeout (55P03) look for who holds
--              the lock first.
-- Undone by: 0002_enforce_schema.down.sql (exact).

BEGIN;
SET LOCAL lock_timeout = '2s';
SET LOCAL statement_timeout = 0;

-- Every row is checked for column name of public.vehicles; writers go on.
ALTER TABLE public.vehicles VALIDATE CONSTRAINT vehicles_name_not_null;

-- Every row is checked against assets_name_check; writers go on.
ALTER TABLE public.vehicles VALIDATE CONSTRAINT assets_name_check;

SET LOCAL statement_timeout = '10s';
-- No row is null in column name of public.vehicles.
DO $$
BEGIN
    IF NOT EXISTS (
        SELECT FROM pg_catalog.pg_constraint
        WHERE conrelid = to_regclass('public.vehicles') AND conname = 'vehicles_name_not_null' AND convalidated
    ) THEN
        RAISE EXCEPTION 'constraint vehicles_name_not_null of public.vehicles is missing or not validated';
    END IF;
END
$$;

-- Constraint assets_name_check of public.vehicles holds for every row.
DO $$
BEGIN
    IF NOT EXISTS (
        SELECT FROM pg_catalog.pg_constraint
        WHERE conrelid = to_regclass('public.vehicles') AND conname = 'assets_name_check' AND convalidated
    ) THEN
        RAISE EXCEPTION 'constraint assets_name_check of public.vehicles is missing or not validated';
    END IF;
END
$$;

COMMIT;
