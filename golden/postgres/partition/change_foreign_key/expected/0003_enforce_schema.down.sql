-- 0003_enforce_schema.down.sql undoes 0003_enforce_schema.up.sql.
-- Phase enforce.
--
-- Takes back what the up file did for:
-- * Constraint orders_customer of public.orders says something else.
--
-- Transaction: one; the file takes effect as a whole or not at all.
-- Locks:
--   public.customers    SHARE ROW EXCLUSIVE  writes wait, reads go on; all rows are read
--   public.orders       ACCESS EXCLUSIVE     reads and writes wait; all rows are read
--   public.orders_2025  ACCESS EXCLUSIVE     reads and writes wait; all rows are read
-- Hazard: public.customers (SHARE ROW EXCLUSIVE), public.orders (ACCESS EXCLUSIVE), public.orders_2025
--         (ACCESS EXCLUSIVE) stay locked while this file reads or writes rows; run it when those who read and
--         write can wait.
-- Time limits: lock_timeout 500ms, statement_timeout 3s, none for what reads or writes rows.
-- If it fails: everything is rolled back; run the file again. After a lock timeout (55P03) look for who holds
--              the lock first.
-- Truth label: exact; the schema and the rows that were there are as they were before the up file.

BEGIN;
SET LOCAL lock_timeout = '500ms';
SET LOCAL statement_timeout = '3s';

-- A part of it bears the name that it had.
ALTER TABLE public.orders_2025 RENAME CONSTRAINT orders_customer TO orders_customer_underpin_new;

-- The name is free for the old key.
ALTER TABLE public.orders RENAME CONSTRAINT orders_customer TO orders_customer_underpin_new;

-- Both tables are locked in the order that running checks take, so that no deadlock comes of it.
LOCK TABLE public.customers, public.orders IN SHARE ROW EXCLUSIVE MODE;

SET LOCAL statement_timeout = 0;
-- Constraint orders_customer of public.orders is created.
ALTER TABLE public.orders ADD CONSTRAINT orders_customer FOREIGN KEY (customer_id) REFERENCES public.customers (id);

COMMIT;
