-- 0011_enforce_schema.down.sql undoes 0011_enforce_schema.up.sql.
-- Phase enforce.
--
-- Takes back what the up file did for:
-- * Relation public.events_2025 becomes a partition.
--
-- Transaction: one; the file takes effect as a whole or not at all.
-- Locks:
--   public.customers    SHARE ROW EXCLUSIVE  writes wait, reads go on; brief
--   public.events       ACCESS EXCLUSIVE     reads and writes wait; brief
--   public.events_2025  ACCESS EXCLUSIVE     reads and writes wait; brief
-- Time limits: lock_timeout 500ms, statement_timeout 3s.
-- If it fails: everything is rolled back; run the file again. After a lock timeout (55P03) look for who holds
--              the lock first.
-- Truth label: exact; the schema and the rows that were there are as they were before the up file.

BEGIN;
SET LOCAL lock_timeout = '500ms';
SET LOCAL statement_timeout = '3s';

-- Relation public.events_2025 stands by itself.
ALTER TABLE public.events DETACH PARTITION public.events_2025;

-- It will prove the bound, so that no row of relation public.events_2025 is read under a lock.
ALTER TABLE public.events_2025 ADD CONSTRAINT events_2025_underpin_bound CHECK (at IS NOT NULL AND (at >= '2025-01-01') AND (at < '2026-01-01')) NOT VALID;

COMMIT;
