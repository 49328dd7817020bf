-- 0005_contract_schema.down.sql undoes 0005_contract_schema.up.sql.
-- Phase contract.
--
-- Takes back what the up file did for:
-- * Relation public.events_2025 has another bound.
--
-- Transaction: one; the file takes effect as a whole or not at all.
-- Locks:
--   public.events       ACCESS EXCLUSIVE  reads and writes wait; brief
--   public.events_2025  ACCESS EXCLUSIVE  reads and writes wait; all rows are read
--   public.events_rest  ACCESS EXCLUSIVE  reads and writes wait; all rows are read
-- Hazard: public.events (ACCESS EXCLUSIVE), public.events_2025 (ACCESS EXCLUSIVE), public.events_rest (ACCESS
--         EXCLUSIVE) stay locked while this file reads or writes rows; run it when those who read and write
--         can wait.
-- Time limits: lock_timeout 500ms, statement_timeout 3s, none for what reads or writes rows.
-- If it fails: everything is rolled back; run the file again. After a lock timeout (55P03) look for who holds
--              the lock first.
-- Truth label: exact; the schema and the rows that were there are as they were before the up file.

BEGIN;
SET LOCAL lock_timeout = '500ms';
SET LOCAL statement_timeout = '3s';

-- Relation public.events_2025 stands by itself.
ALTER TABLE public.events DETACH PARTITION public.events_2025;

SET LOCAL statement_timeout = 0;
-- Relation public.events_2025 becomes a partition.
ALTER TABLE public.events ATTACH PARTITION public.events_2025 FOR VALUES FROM ('2025-01-01') TO ('2026-01-01');

SET LOCAL statement_timeout = '3s';
-- It will prove the bound, so that no row of relation public.events_2025 is read under a lock.
ALTER TABLE public.events_2025 ADD CONSTRAINT events_2025_underpin_bound CHECK (at IS NOT NULL AND (at >= '2025-01-01') AND (at < '2027-01-01')) NOT VALID;

-- It will prove the bound, so that no row of relation public.events_rest is read under a lock.
ALTER TABLE public.events_rest ADD CONSTRAINT events_rest_events_2025_underpin_bound CHECK (NOT (at IS NOT NULL AND (at >= '2025-01-01') AND (at < '2027-01-01'))) NOT VALID;

COMMIT;
