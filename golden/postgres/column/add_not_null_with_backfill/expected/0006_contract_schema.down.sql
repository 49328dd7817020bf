-- 0006_contract_schema.down.sql undoes 0006_contract_schema.up.sql.
-- Phase contract.
--
-- Takes back what the up file did for:
-- * Column sent_to of public.orders is added.
--
-- Transaction: one; the file takes effect as a whole or not at all.
-- Locks:
--   public.orders  SHARE ROW EXCLUSIVE  writes wait, reads go on; brief
-- Time limits: lock_timeout 2s, statement_timeout 10s.
-- If it fails: everything is rolled back; run the file again. After a lock timeout (55P03) look for who holds
--              the lock first.
-- Truth label: exact; the schema and the rows that were there are as they were before the up file.

BEGIN;
SET LOCAL lock_timeout = '2s';
SET LOCAL statement_timeout = '10s';
-- Bodies may name what is made later; the check would refuse them.
SET LOCAL check_function_bodies = off;

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
