-- 0007_enforce_schema.up.sql
-- Phase enforce: What is new becomes binding. For the new application; the old one where a sync trigger still
-- bridges.
--
-- * Relation public.events_2025 becomes a partition.
--   The rows stay where they are; only where they are looked for changes.
--
-- Transaction: one; the file takes effect as a whole or not at all.
-- Locks:
--   public.customers         SHARE ROW EXCLUSIVE     writes wait, reads go on; brief
--   public.events_2025       ACCESS EXCLUSIVE        reads and writes wait; brief
--   public.events_2025_pkey  SHARE UPDATE EXCLUSIVE  reads and writes go on, VACUUM and DDL wait; brief
-- Time limits: lock_timeout 500ms, statement_timeout 3s.
-- If it fails: everything is rolled back; run the file again. After a lock timeout (55P03) look for who holds
--              the lock first.
-- Undone by: 0007_enforce_schema.down.sql (exact).

BEGIN;
SET LOCAL lock_timeout = '500ms';
SET LOCAL statement_timeout = '3s';

-- The index becomes that of constraint events_2025_pkey of public.events_2025.
ALTER TABLE public.events_2025 ADD CONSTRAINT events_2025_pkey PRIMARY KEY USING INDEX events_2025_pkey;

-- Both tables are locked in the order that running checks take, so that no deadlock comes of it.
LOCK TABLE public.customers, public.events_2025 IN SHARE ROW EXCLUSIVE MODE;

-- New rows obey constraint events_customer of public.events_2025.
ALTER TABLE public.events_2025 ADD CONSTRAINT events_customer FOREIGN KEY (customer_id) REFERENCES public.customers (id) NOT VALID;

COMMIT;
