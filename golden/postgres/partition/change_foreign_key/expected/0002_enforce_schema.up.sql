-- 0002_enforce_schema.up.sql
-- Phase enforce: What is new becomes binding. For the new application; the old one where a sync trigger still
-- bridges.
--
-- * Constraint orders_customer of public.orders says something else.
--   The old key governs until the new one is valid.
--
-- Transaction: one; the file takes effect as a whole or not at all.
-- Locks:
--   public.customers    ROW SHARE               reads and writes go on; all rows are read
--   public.orders       SHARE UPDATE EXCLUSIVE  reads and writes go on, VACUUM and DDL wait; all rows are read
--   public.orders_2025  SHARE UPDATE EXCLUSIVE  reads and writes go on, VACUUM and DDL wait; all rows are read
-- Time limits: lock_timeout 500ms, statement_timeout 3s, none for what reads or writes rows.
-- If it fails: everything is rolled back; run the file again. After a lock timeout (55P03) look for who holds
--              the lock first.
-- Undone by: 0002_enforce_schema.down.sql (exact).

BEGIN;
SET LOCAL lock_timeout = '500ms';
SET LOCAL statement_timeout = 0;

-- Every row is checked against orders_customer_underpin_new; writers go on.
ALTER TABLE public.orders VALIDATE CONSTRAINT orders_customer_underpin_new;

SET LOCAL statement_timeout = '3s';
-- Constraint orders_customer_underpin_new of public.orders holds for every row.
DO $$
BEGIN
    IF NOT EXISTS (
        SELECT FROM pg_catalog.pg_constraint
        WHERE conrelid = to_regclass('public.orders') AND conname = 'orders_customer_underpin_new' AND convalidated
    ) THEN
        RAISE EXCEPTION 'constraint orders_customer_underpin_new of public.orders is missing or not validated';
    END IF;
END
$$;

COMMIT;
