-- 0008_enforce_schema.down.sql undoes 0008_enforce_schema.up.sql.
-- Phase enforce.
--
-- Takes back what the up file did for:
-- * Constraint events_id_at_key of public.events is added.
--
-- Transaction: one; the file takes effect as a whole or not at all.
-- Locks:
--   public.events            ACCESS EXCLUSIVE  reads and writes wait; brief
--   public.events_2025       ACCESS EXCLUSIVE  reads and writes wait; all rows are read
--   public.events_2026       ACCESS EXCLUSIVE  reads and writes wait; all rows are read
--   public.events_id_at_key  ACCESS EXCLUSIVE  reads and writes wait; brief
-- Hazard: public.events (ACCESS EXCLUSIVE), public.events_2025 (ACCESS EXCLUSIVE), public.events_2026 (ACCESS
--         EXCLUSIVE) stay locked while this file reads or writes rows; run it when those who read and write
--         can wait.
-- Time limits: lock_timeout 500ms, statement_timeout 3s, none for what reads or writes rows.
-- If it fails: everything is rolled back; run the file again. After a lock timeout (55P03) look for who holds
--              the lock first.
-- Truth label: exact; the schema and the rows that were there are as they were before the up file.

BEGIN;
SET LOCAL lock_timeout = '500ms';
SET LOCAL statement_timeout = '3s';

-- Constraint events_id_at_key of public.events is dropped.
ALTER TABLE public.events DROP CONSTRAINT events_id_at_key;

SET LOCAL statement_timeout = 0;
-- The index stands by itself again.
CREATE UNIQUE INDEX events_2025_id_at_key ON public.events_2025 (id, at);

-- The partition keeps its own.
ALTER TABLE public.events_2026 ADD CONSTRAINT events_2026_id_at_key UNIQUE (id, at);

COMMIT;
