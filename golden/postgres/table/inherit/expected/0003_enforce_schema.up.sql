-- 0003_enforce_schema.up.sql
-- Phase enforce: What is new becomes binding. For the new application; the old one where a sync trigger still
-- bridges.
--
-- * Relation public.vehicles has other parents.
--   The catalog alone changes.
--
-- Transaction: one; the file takes effect as a whole or not at all.
-- Locks:
--   public.assets    SHARE UPDATE EXCLUSIVE  reads and writes go on, VACUUM and DDL wait; brief
--   public.vehicles  ACCESS EXCLUSIVE        reads and writes wait; brief
-- Time limits: lock_timeout 500ms, statement_timeout 3s.
-- If it fails: everything is rolled back; run the file again. After a lock timeout (55P03) look for who holds
--              the lock first.
-- Undone by: 0003_enforce_schema.down.sql (exact).

BEGIN;
SET LOCAL lock_timeout = '500ms';
SET LOCAL statement_timeout = '3s';

-- Its rows are seen in relation public.assets.
ALTER TABLE public.vehicles INHERIT public.assets;

COMMIT;
