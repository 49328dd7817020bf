-- 0009_enforce_schema.up.sql
-- Phase enforce: What is new becomes binding. For the new application; the old one where a sync trigger still
-- bridges.
--
-- * Relation public.events_2025 becomes a partition.
--   The rows stay where they are; only where they are looked for changes.
--
-- Transaction: one; the file takes effect as a whole or not at all.
-- Locks:
--   public.events_2025  ACCESS EXCLUSIVE  reads and writes wait; brief
-- Time limits: lock_timeout 2s, statement_timeout 10s.
-- If it fails: everything is rolled back; run the file again. After a lock timeout (55P03) look for who holds
--              the lock first.
-- Undone by: 0009_enforce_schema.down.sql (exact).

BEGIN;
SET LOCAL lock_timeout = '2s';
SET LOCAL statement_timeout = '10s';

-- It will prove the bound, so that no row of relation public.events_2025 is read under a lock.
ALTER TABLE public.events_2025 ADD CONSTRAINT events_2025_underpin_bound CHECK (at IS NOT NULL AND (at >= '2025-01-01') AND (at < '2026-01-01')) NOT VALID;

COMMIT;
