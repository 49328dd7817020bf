-- 0005_contract_schema.up.sql
-- Phase contract: What is old goes. For the new application.
--
-- * Relation public.events_2025 has another bound.
--   The rows stay where they are; only where they are looked for changes.
--
-- Transaction: one; the file takes effect as a whole or not at all.
-- Locks:
--   public.events       ACCESS EXCLUSIVE  reads and writes wait; brief
--   public.events_2025  ACCESS EXCLUSIVE  reads and writes wait; brief
--   public.events_rest  ACCESS EXCLUSIVE  reads and writes wait; brief
-- Time limits: lock_timeout 500ms, statement_timeout 3s.
-- If it fails: everything is rolled back; run the file again. After a lock timeout (55P03) look for who holds
--              the lock first.
-- Undone by: 0005_contract_schema.down.sql (exact).

BEGIN;
SET LOCAL lock_timeout = '500ms';
SET LOCAL statement_timeout = '3s';

-- Relation public.events_2025 stands by itself.
ALTER TABLE public.events DETACH PARTITION public.events_2025;

-- Relation public.events_2025 becomes a partition.
ALTER TABLE public.events ATTACH PARTITION public.events_2025 FOR VALUES FROM ('2025-01-01') TO ('2027-01-01');

-- The bound says the same now.
ALTER TABLE public.events_2025 DROP CONSTRAINT events_2025_underpin_bound;

-- The bound says the same now.
ALTER TABLE public.events_rest DROP CONSTRAINT events_rest_events_2025_underpin_bound;

COMMIT;
