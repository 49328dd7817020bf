-- 0004_enforce_schema.up.sql
-- Phase enforce: What is new becomes binding. For the new application; the old one where a sync trigger still
-- bridges.
--
-- * Column sent_to of public.orders is added.
--   Old rows get their values from the directive, in batches.
--
-- Transaction: one; the file takes effect as a whole or not at all.
-- Locks:
--   public.orders  ACCESS EXCLUSIVE  reads and writes wait; brief
-- Time limits: lock_timeout 2s, statement_timeout 10s.
-- If it fails: everything is rolled back; run the file again. After a lock timeout (55P03) look for who holds
--              the lock first.
-- Undone by: 0004_enforce_schema.down.sql (exact).

BEGIN;
SET LOCAL lock_timeout = '2s';
SET LOCAL statement_timeout = '10s';

-- New rows have a value in column sent_to of public.orders.
ALTER TABLE public.orders ADD CONSTRAINT orders_sent_to_not_null NOT NULL sent_to NOT VALID;

COMMIT;
