-- 0001_expand_schema.down.sql undoes 0001_expand_schema.up.sql.
-- Phase expand.
--
-- Takes back what the up file did for:
-- * The privileges on relation public.orders change.
-- * Column total of public.orders is added.
-- * Default of column note of public.orders is set.
--
-- Transaction: one; the file takes effect as a whole or not at all.
-- Locks:
--   public.orders  ACCESS EXCLUSIVE  reads and writes wait; brief
-- Time limits: lock_timeout 2s, statement_timeout 10s.
-- If it fails: everything is rolled back; run the file again. After a lock timeout (55P03) look for who holds
--              the lock first.
-- Truth label: exact; the schema and the rows that were there are as they were before the up file.

BEGIN;
SET LOCAL lock_timeout = '2s';
SET LOCAL statement_timeout = '10s';

-- New rows are without the default of column note of public.orders.
ALTER TABLE public.orders ALTER COLUMN note DROP DEFAULT;

-- Column total of public.orders is dropped.
ALTER TABLE public.orders DROP COLUMN total;

-- Revoked on relation public.orders.
REVOKE INSERT ON TABLE public.orders FROM app;

COMMIT;
