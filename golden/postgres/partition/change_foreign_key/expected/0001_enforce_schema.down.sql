-- 0001_enforce_schema.down.sql undoes 0001_enforce_schema.up.sql.
-- Phase enforce.
--
-- Takes back what the up file did for:
-- * Constraint orders_customer of public.orders says something else.
--
-- Transaction: one; the file takes effect as a whole or not at all.
-- Locks:
--   public.customers    ACCESS EXCLUSIVE  reads and writes wait; brief
--   public.orders       ACCESS EXCLUSIVE  reads and writes wait; brief
--   public.orders_2025  ACCESS EXCLUSIVE  reads and writes wait; brief
-- Time limits: lock_timeout 500ms, statement_timeout 3s.
-- If it fails: everything is rolled back; run the file again. After a lock timeout (55P03) look for who holds
--              the lock first.
-- Truth label: exact; the schema and the rows that were there are as they were before the up file.

BEGIN;
SET LOCAL lock_timeout = '500ms';
SET LOCAL statement_timeout = '3s';

-- Constraint orders_customer_underpin_new of public.orders is dropped.
ALTER TABLE public.orders DROP CONSTRAINT orders_customer_underpin_new;

COMMIT;
