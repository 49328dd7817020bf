-- 0001_expand_schema.up.sql
-- Phase expand: New objects are made beside the old ones. For the old application, unchanged.
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
-- Undone by: 0001_expand_schema.down.sql (exact).

BEGIN;
SET LOCAL lock_timeout = '500ms';
SET LOCAL statement_timeout = '3s';
-- Bodies may name what is made later; the check would refuse them.
SET LOCAL check_function_bodies = off;

-- Without a default: a value in it says who wrote the row.
ALTER TABLE public.orders ADD COLUMN id_underpin_new bigint;

-- Function public.orders_id_underpin_sync() is created.
CREATE FUNCTION public.orders_id_underpin_sync() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
BEGIN
    NEW.id_underpin_new := (SELECT (orders.id::bigint) FROM (SELECT NEW.*) AS orders);
    RETURN NEW;
END
$$;

-- Trigger zzz_underpin_id of public.orders is created.
CREATE TRIGGER zzz_underpin_id
    BEFORE INSERT OR UPDATE ON public.orders
    FOR EACH ROW
    EXECUTE FUNCTION public.orders_id_underpin_sync();

-- Trigger zzz_underpin_id of public.orders fires, also for what replication writes.
ALTER TABLE public.orders ENABLE ALWAYS TRIGGER zzz_underpin_id;

-- Without a default: a value in it says who wrote the row.
ALTER TABLE public.items ADD COLUMN order_id_underpin_new bigint;

-- Function public.items_order_id_underpin_sync() is created.
CREATE FUNCTION public.items_order_id_underpin_sync() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
BEGIN
    NEW.order_id_underpin_new := (SELECT (items.order_id::bigint) FROM (SELECT NEW.*) AS items);
    RETURN NEW;
END
$$;

-- Trigger zzz_underpin_order_id of public.items is created.
CREATE TRIGGER zzz_underpin_order_id
    BEFORE INSERT OR UPDATE ON public.items
    FOR EACH ROW
    EXECUTE FUNCTION public.items_order_id_underpin_sync();

-- Trigger zzz_underpin_order_id of public.items fires, also for what replication writes.
ALTER TABLE public.items ENABLE ALWAYS TRIGGER zzz_underpin_order_id;

COMMIT;
