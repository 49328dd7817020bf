-- 0008_enforce_schema.up.sql
-- Phase enforce: What is new becomes binding. For the new application; the old one where a sync trigger still
-- bridges.
--
-- * Constraint events_id_at_key of public.events is added.
--   The indexes of the partitions are built while writers go on, and then become the constraint's.
--
-- Transaction: one; the file takes effect as a whole or not at all.
-- Locks:
--   public.events                 ACCESS EXCLUSIVE  reads and writes wait; brief
--   public.events_2025            ACCESS EXCLUSIVE  reads and writes wait; brief
--   public.events_2025_id_at_key  ACCESS EXCLUSIVE  reads and writes wait; brief
--   public.events_2026            ACCESS SHARE      reads and writes go on; brief
--   public.events_2026_id_at_key  ACCESS EXCLUSIVE  reads and writes wait; brief
-- Time limits: lock_timeout 500ms, statement_timeout 3s.
-- If it fails: everything is rolled back; run the file again. After a lock timeout (55P03) look for who holds
--              the lock first.
-- Undone by: 0008_enforce_schema.down.sql (exact).

BEGIN;
SET LOCAL lock_timeout = '500ms';
SET LOCAL statement_timeout = '3s';

-- Constraint events_id_at_key of public.events is made without touching the partitions.
ALTER TABLE ONLY public.events ADD CONSTRAINT events_id_at_key UNIQUE (id, at);

-- The index becomes that of constraint events_2025_id_at_key of public.events_2025.
ALTER TABLE public.events_2025 ADD CONSTRAINT events_2025_id_at_key UNIQUE USING INDEX events_2025_id_at_key;

-- Constraint events_2025_id_at_key of public.events_2025 becomes a part of constraint events_id_at_key of
-- public.events.
ALTER INDEX public.events_id_at_key ATTACH PARTITION public.events_2025_id_at_key;

-- Constraint events_2026_id_at_key of public.events_2026 becomes a part of constraint events_id_at_key of
-- public.events.
ALTER INDEX public.events_id_at_key ATTACH PARTITION public.events_2026_id_at_key;

COMMIT;
