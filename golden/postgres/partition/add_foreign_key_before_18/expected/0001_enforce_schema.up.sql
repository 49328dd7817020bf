-- 0001_enforce_schema.up.sql
-- Phase enforce: What is new becomes binding. For the new application; the old one where a sync trigger still
-- bridges.
--
-- * Constraint orders_customer of public.orders is added.
--   New rows obey it first; old rows are then checked under a lock that lets writers go on.
--
-- Transaction: one; the file takes effect as a whole or not at all.
-- Locks:
--   public.customers    SHARE ROW EXCLUSIVE  writes wait, reads go on; brief
--   public.orders_2025  SHARE ROW EXCLUSIVE  writes wait, reads go on; brief
-- Time limits: lock_timeout 500ms, statement_timeout 3s.
-- If it fails: everything is rolled back; run the file again. After a lock timeout (55P03) look for who holds
--              the lock first.
-- Undone by: 0001_enforce_schema.down.sql (exact).

BEGIN;
SET LOCAL lock_timeout = '500ms';
SET LOCAL statement_timeout = '3s';

-- Both tables are locked in the order that running checks take, so that no deadlock comes of it.
LOCK TABLE public.customers, public.orders_2025 IN SHARE ROW EXCLUSIVE MODE;

-- New rows obey constraint orders_customer of public.orders_2025.
ALTER TABLE public.orders_2025 ADD CONSTRAINT orders_customer FOREIGN KEY (customer_id) REFERENCES public.customers (id) NOT VALID;

COMMIT;
