-- 0005_enforce_schema.up.sql
-- Phase enforce: What is new becomes binding. For the new application; the old one where a sync trigger still
-- bridges.
--
-- * Column sent_to of public.orders is added.
--   Old rows get their values from the directive, in batches.
--
-- Transaction: one; the file takes effect as a whole or not at all.
-- Locks:
--   public.orders  SHARE UPDATE EXCLUSIVE  reads and writes go on, VACUUM and DDL wait; all rows are read
-- Time limits: lock_timeout 2s, statement_timeout 10s, none for what reads or writes rows.
-- If it fails: everything is rolled back; run the file again. After a lock timeout (55P03) look for who holds
--              the lock first.
-- Undone by: 0005_enforce_schema.down.sql (exact).

BEGIN;
SET LOCAL lock_timeout = '2s';
SET LOCAL statement_timeout = 0;

-- Every row is checked for column sent_to of public.orders; writers go on.
ALTER TABLE public.orders VALIDATE CONSTRAINT orders_sent_to_not_null;

SET LOCAL statement_timeout = '10s';
-- No row is null in column sent_to of public.orders.
DO $$
BEGIN
    IF NOT EXISTS (
        SELECT FROM pg_catalog.pg_constraint
        WHERE conrelid = to_regclass('public.orders') AND conname = 'orders_sent_to_not_null' AND convalidated
    ) THEN
        RAISE EXCEPTION 'constraint orders_sent_to_not_null of public.orders is missing or not validated';
    END IF;
END
$$;

COMMIT;
