-- 0001_expand_schema.up.sql
-- Phase expand: New objects are made beside the old ones. For the old application, unchanged.
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
-- Undone by: 0001_expand_schema.down.sql (exact).

BEGIN;
SET LOCAL lock_timeout = '2s';
SET LOCAL statement_timeout = '10s';
-- Bodies may name what is made later; the check would refuse them.
SET LOCAL check_function_bodies = off;

-- Column sent_to of public.orders is added.
ALTER TABLE public.orders ADD COLUMN sent_to text;

-- What the old application does not write is filled in by this function.
CREATE FUNCTION public.orders_sent_to_underpin_sync() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
BEGIN
    IF NEW.sent_to IS NULL THEN
        NEW.sent_to := (SELECT (SELECT u.email FROM public.users u WHERE (u.id = orders.user_id)) FROM (SELECT NEW.*) AS orders);
    END IF;
    RETURN NEW;
END
$$;

-- It runs for every row that is written, after all other triggers.
CREATE TRIGGER zzz_orders_sent_to_underpin_sync
    BEFORE INSERT ON public.orders
    FOR EACH ROW
    EXECUTE FUNCTION public.orders_sent_to_underpin_sync();

-- Rows that replication writes are filled in too.
ALTER TABLE public.orders ENABLE ALWAYS TRIGGER zzz_orders_sent_to_underpin_sync;

COMMIT;
