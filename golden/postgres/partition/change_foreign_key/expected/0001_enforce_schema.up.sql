-- 0001_enforce_schema.up.sql
-- Phase enforce: What is new becomes binding. For the new application; the old one where a sync trigger still
-- bridges.
--
-- * Constraint orders_customer of public.orders says something else.
--   The old key governs until the new one is valid.
--
-- Transaction: one; the file takes effect as a whole or not at all.
-- Locks:
--   public.customers    SHARE ROW EXCLUSIVE  writes wait, reads go on; brief
--   public.orders       SHARE ROW EXCLUSIVE  writes wait, reads go on; brief
--   public.orders_2025  SHARE ROW EXCLUSIVE  writes wait, reads go on; brief
-- Time limits: lock_timeout 500ms, statement_timeout 3s.
-- If it fails: everything is rolled back; run the file again. After a lock timeout (55P03) look for who holds
--              the lock first.
-- Undone by: 0001_enforce_schema.down.sql (exact).

BEGIN;
SET LOCAL lock_timeout = '500ms';
SET LOCAL statement_timeout = '3s';

-- Both tables are locked in the order that running checks take, so that no deadlock comes of it.
LOCK TABLE public.customers, public.orders IN SHARE ROW EXCLUSIVE MODE;

-- New rows obey constraint orders_customer_underpin_new of public.orders.
ALTER TABLE public.orders ADD CONSTRAINT orders_customer_underpin_new FOREIGN KEY (customer_id) REFERENCES public.customers (id) ON DELETE CASCADE NOT VALID;

COMMIT;
