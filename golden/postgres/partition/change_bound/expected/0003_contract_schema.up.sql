-- 0003_contract_schema.up.sql
-- Phase contract: What is old goes. For the new application.
--
-- * Relation public.events_2025 has another bound.
--   The rows stay where they are; only where they are looked for changes.
--
-- Transaction: one; the file takes effect as a whole or not at all.
-- Locks:
--   public.events_rest  ACCESS EXCLUSIVE  reads and writes wait; brief
-- Time limits: lock_timeout 2s, statement_timeout 10s.
-- If it fails: everything is rolled back; run the file again. After a lock timeout (55P03) look for who holds
--              the lock first.
-- Undone by: 0003_contract_schema.down.sql (exact).

BEGIN;
SET LOCAL lock_timeout = '2s';
SET LOCAL statement_timeout = '10s';

-- It will prove the bound, so that no row of relation public.events_rest is read under a lock.
ALTER TABLE public.events_rest ADD CONSTRAINT events_rest_events_2025_underpin_bound CHECK (NOT (at IS NOT NULL AND (at >= '2025-01-01') AND (at < '2027-01-01'))) NOT VALID;

COMMIT;
