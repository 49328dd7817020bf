-- 0001_expand_schema.up.sql
-- Phase expand: New objects are made beside the old ones. For the old application, unchanged.
--
-- * The privileges on relation public.orders change.
--   What is granted comes first and what is revoked goes last, so that both applications may do their work.
-- * Column total of public.orders is added.
--   The catalog keeps the value of old rows, so no row is touched.
-- * Default of column note of public.orders is set.
--   New rows get it, rows that exist keep what they have.
--
-- Transaction: one; the file takes effect as a whole or not at all.
-- Locks:
--   public.orders  ACCESS EXCLUSIVE  reads and writes wait; brief
-- Time limits: lock_timeout 2s, statement_timeout 10s.
-- If it fails: everything is rolled back; run the file again. After a lock timeout (55P03) look for who holds
--              the lock first.
-- Undone by: 0001_expand_schema.down.sql (exact).

BEGIN;
SET LOCAL lock_timeout = '2s';
SET LOCAL statement_timeout = '10s';

-- Granted on relation public.orders.
GRANT INSERT ON TABLE public.orders TO app;

-- Column total of public.orders is added.
ALTER TABLE public.orders ADD COLUMN total numeric(12,2);

-- New rows have the default of column note of public.orders.
ALTER TABLE public.orders ALTER COLUMN note SET DEFAULT ''::text;

COMMIT;
