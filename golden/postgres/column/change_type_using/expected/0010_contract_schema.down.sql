-- 0010_contract_schema.down.sql undoes 0010_contract_schema.up.sql.
-- Phase contract.
--
-- Takes back what the up file did for:
-- * Column price of public.products changes from numeric to bigint.
--
-- Transaction: one; the file takes effect as a whole or not at all.
-- Locks:
--   public.products  ACCESS EXCLUSIVE  reads and writes wait; brief
-- Time limits: lock_timeout 2s, statement_timeout 10s.
-- If it fails: everything is rolled back; run the file again. After a lock timeout (55P03) look for who holds
--              the lock first.
-- Truth label: loses data: what the conversion of column price of public.products did not keep: its old
--              values are computed from the new ones. The shape comes back, those values do not.

BEGIN;
SET LOCAL lock_timeout = '2s';
SET LOCAL statement_timeout = '10s';
-- Bodies may name what is made later; the check would refuse them.
SET LOCAL check_function_bodies = off;

-- Without a default: a value in it says who wrote the row.
ALTER TABLE public.products ADD COLUMN price_underpin_old numeric;

-- Function public.products_price_underpin_sync() is created.
CREATE FUNCTION public.products_price_underpin_sync() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
BEGIN
    NEW.price_underpin_old := (SELECT ((products.price)::numeric / 100.0) FROM (SELECT NEW.*) AS products);
    RETURN NEW;
END
$$;

-- Trigger zzz_underpin_price of public.products is created.
CREATE TRIGGER zzz_underpin_price
    BEFORE INSERT OR UPDATE ON public.products
    FOR EACH ROW
    EXECUTE FUNCTION public.products_price_underpin_sync();

-- Trigger zzz_underpin_price of public.products fires, also for what replication writes.
ALTER TABLE public.products ENABLE ALWAYS TRIGGER zzz_underpin_price;

COMMIT;
