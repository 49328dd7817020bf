-- 0007_enforce_schema.down.sql undoes 0007_enforce_schema.up.sql.
-- Phase enforce.
--
-- Takes back what the up file did for:
-- * Relation public.events_2025 becomes a partition.
--
-- Transaction: one; the file takes effect as a whole or not at all.
-- Locks:
--   public.customers         ACCESS EXCLUSIVE  reads and writes wait; brief
--   public.events_2025       ACCESS EXCLUSIVE  reads and writes wait; all rows are read
--   public.events_2025_pkey  ACCESS EXCLUSIVE  reads and writes wait; brief
-- Hazard: public.customers (ACCESS EXCLUSIVE), public.events_2025 (ACCESS EXCLUSIVE) stay locked while this
--         file reads or writes rows; run it when those who read and write can wait.
-- Time limits: lock_timeout 500ms, statement_timeout 3s, none for what reads or writes rows.
-- If it fails: everything is rolled back; run the file again. After a lock timeout (55P03) look for who holds
--              the lock first.
-- Truth label: exact; the schema and the rows that were there are as they were before the up file.

BEGIN;
SET LOCAL lock_timeout = '500ms';
SET LOCAL statement_timeout = '3s';

-- Constraint events_customer of public.events_2025 is dropped.
ALTER TABLE public.events_2025 DROP CONSTRAINT events_customer;

-- Constraint events_2025_pkey of public.events_2025 is dropped.
ALTER TABLE public.events_2025 DROP CONSTRAINT events_2025_pkey;

SET LOCAL statement_timeout = 0;
-- The index stands by itself again.
CREATE UNIQUE INDEX events_2025_pkey ON public.events_2025 (id, at);

COMMIT;
