-- 0011_enforce_schema.up.sql
-- Phase enforce: What is new becomes binding. For the new application; the old one where a sync trigger still
-- bridges.
--
-- * Column id of public.orders changes from integer to bigint.
--   The server would write the table anew under a lock that shuts out all others; so a second column is
--   filled beside the first and takes its place in one short transaction. Until the contract phase the new
--   column takes only what the old type can hold.
--
-- Transaction: one; the file takes effect as a whole or not at all.
-- Locks:
--   public.items   ACCESS EXCLUSIVE  reads and writes wait; brief
--   public.orders  ACCESS EXCLUSIVE  reads and writes wait; brief
-- Time limits: lock_timeout 500ms, statement_timeout 3s.
-- If it fails: everything is rolled back; run the file again. After a lock timeout (55P03) look for who holds
--              the lock first.
-- Undone by: 0011_enforce_schema.down.sql (exact).

BEGIN;
SET LOCAL lock_timeout = '500ms';
SET LOCAL statement_timeout = '3s';

-- Relation public.orders_pkey_underpin_new is complete.
DO $$
BEGIN
    IF NOT EXISTS (
        SELECT FROM pg_catalog.pg_index
        WHERE indexrelid = to_regclass('public.orders_pkey_underpin_new') AND indisvalid
    ) THEN
        RAISE EXCEPTION 'index public.orders_pkey_underpin_new is missing or invalid';
    END IF;
END
$$;

-- Relation public.orders_pkey_underpin_old is complete.
DO $$
BEGIN
    IF NOT EXISTS (
        SELECT FROM pg_catalog.pg_index
        WHERE indexrelid = to_regclass('public.orders_pkey_underpin_old') AND indisvalid
    ) THEN
        RAISE EXCEPTION 'index public.orders_pkey_underpin_old is missing or invalid';
    END IF;
END
$$;

-- Relation public.items_order_id_idx_underpin_new is complete.
DO $$
BEGIN
    IF NOT EXISTS (
        SELECT FROM pg_catalog.pg_index
        WHERE indexrelid = to_regclass('public.items_order_id_idx_underpin_new') AND indisvalid
    ) THEN
        RAISE EXCEPTION 'index public.items_order_id_idx_underpin_new is missing or invalid';
    END IF;
END
$$;

-- Foreign keys lock both tables.
LOCK TABLE public.orders, public.items IN SHARE ROW EXCLUSIVE MODE;

-- No new row has a null in id_underpin_new.
ALTER TABLE public.orders ADD CONSTRAINT orders_id_underpin_not_null NOT NULL id_underpin_new NOT VALID;

-- No new row has a null in order_id_underpin_new.
ALTER TABLE public.items ADD CONSTRAINT items_order_id_underpin_not_null NOT NULL order_id_underpin_new NOT VALID;

-- Constraint items_order_id_fkey_underpin_new of public.items holds for new rows.
ALTER TABLE public.items ADD CONSTRAINT items_order_id_fkey_underpin_new FOREIGN KEY (order_id_underpin_new) REFERENCES public.orders (id_underpin_new) ON DELETE CASCADE NOT VALID;

COMMIT;
