-- 0003_enforce_schema.down.sql undoes 0003_enforce_schema.up.sql.
-- Phase enforce.
--
-- Takes back what the up file did for:
-- * Constraint orders_customer of public.orders is added.
--
-- Transaction: one; the file takes effect as a whole or not at all.
-- Locks:
--   public.customers    ACCESS EXCLUSIVE  reads and writes wait; all rows are read
--   public.orders       ACCESS EXCLUSIVE  reads and writes wait; brief
--   public.orders_2025  ACCESS EXCLUSIVE  reads and writes wait; brief
--   public.orders_2026  ACCESS EXCLUSIVE  reads and writes wait; all rows are read
-- Hazard: public.customers (ACCESS EXCLUSIVE), public.orders (ACCESS EXCLUSIVE), public.orders_2025 (ACCESS
--         EXCLUSIVE), public.orders_2026 (ACCESS EXCLUSIVE) stay locked while this file reads or writes rows;
--         run it when those who read and write can wait.
-- Time limits: lock_timeout 500ms, statement_timeout 3s, none for what reads or writes rows.
-- If it fails: everything is rolled back; run the file again. After a lock timeout (55P03) look for who holds
--              the lock first.
-- Truth label: exact; the schema and the rows that were there are as they were before the up file.

BEGIN;
SET LOCAL lock_timeout = '500ms';
SET LOCAL statement_timeout = '3s';

-- Constraint orders_customer of public.orders is dropped.
ALTER TABLE public.orders DROP CONSTRAINT orders_customer;

-- Both tables are locked in the order that running checks take, so that no deadlock comes of it.
LOCK TABLE public.customers, public.orders_2025 IN SHARE ROW EXCLUSIVE MODE;

-- New rows obey constraint orders_customer of public.orders_2025.
ALTER TABLE public.orders_2025 ADD CONSTRAINT orders_customer FOREIGN KEY (customer_id) REFERENCES public.customers (id) NOT VALID;

SET LOCAL statement_timeout = 0;
-- Constraint their_customer of public.orders_2026 stands by itself.
ALTER TABLE public.orders_2026 ADD CONSTRAINT their_customer FOREIGN KEY (customer_id) REFERENCES public.customers (id);

COMMIT;
