-- 0003_enforce_schema.up.sql
-- Phase enforce: What is new becomes binding. For the new application; the old one where a sync trigger still
-- bridges.
--
-- * Constraint orders_customer of public.orders says something else.
--   The old key governs until the new one is valid.
--
-- Transaction: one; the file takes effect as a whole or not at all.
-- Locks:
--   public.customers    ACCESS EXCLUSIVE  reads and writes wait; brief
--   public.orders       ACCESS EXCLUSIVE  reads and writes wait; brief
--   public.orders_2025  ACCESS EXCLUSIVE  reads and writes wait; brief
-- Time limits: lock_timeout 500ms, statement_timeout 3s.
-- If it fails: everything is rolled back; run the file again. After a lock timeout (55P03) look for who holds
--              the lock first.
-- Undone by: 0003_enforce_schema.down.sql (exact).

BEGIN;
SET LOCAL lock_timeout = '500ms';
SET LOCAL statement_timeout = '3s';

-- Constraint orders_customer of public.orders is dropped.
ALTER TABLE public.orders DROP CONSTRAINT orders_customer;

-- The new key takes the name of the old one.
ALTER TABLE public.orders RENAME CONSTRAINT orders_customer_underpin_new TO orders_customer;

-- A part of it bears the name that it had.
ALTER TABLE public.orders_2025 RENAME CONSTRAINT orders_customer_underpin_new TO orders_customer;

COMMIT;
