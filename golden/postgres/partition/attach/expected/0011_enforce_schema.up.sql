-- 0011_enforce_schema.up.sql
-- Phase enforce: What is new becomes binding. For the new application; the old one where a sync trigger still
-- bridges.
--
-- * Relation public.events_2025 becomes a partition.
--   The rows stay where they are; only where they are looked for changes.
--
-- Transaction: one; the file takes effect as a whole or not at all.
-- Locks:
--   public.customers               ACCESS EXCLUSIVE        reads and writes wait; brief
--   public.events                  SHARE UPDATE EXCLUSIVE  reads and writes go on, VACUUM and DDL wait; brief
--   public.events_2025             ACCESS EXCLUSIVE        reads and writes wait; brief
--   public.events_customer_id_idx  SHARE UPDATE EXCLUSIVE  reads and writes go on, VACUUM and DDL wait; brief
--   public.events_pkey             SHARE UPDATE EXCLUSIVE  reads and writes go on, VACUUM and DDL wait; brief
-- Time limits: lock_timeout 500ms, statement_timeout 3s.
-- If it fails: everything is rolled back; run the file again. After a lock timeout (55P03) look for who holds
--              the lock first.
-- Undone by: 0011_enforce_schema.down.sql (exact).

BEGIN;
SET LOCAL lock_timeout = '500ms';
SET LOCAL statement_timeout = '3s';

-- Relation public.events_2025 becomes a partition.
ALTER TABLE public.events ATTACH PARTITION public.events_2025 FOR VALUES FROM ('2025-01-01') TO ('2026-01-01');

-- The bound says the same now.
ALTER TABLE public.events_2025 DROP CONSTRAINT events_2025_underpin_bound;

COMMIT;
