-- 0013_contract_schema.down.sql undoes 0013_contract_schema.up.sql.
-- Phase contract.
--
-- Takes back what the up file did for:
-- * Column price_cents of public.products changes from integer to bigint.
--
-- Transaction: one; the file takes effect as a whole or not at all.
-- Locks:
--   public.products  ACCESS EXCLUSIVE  reads and writes wait; brief
-- Time limits: lock_timeout 2s, statement_timeout 10s.
-- If it fails: everything is rolled back; run the file again. After a lock timeout (55P03) look for who holds
--              the lock first.
-- Truth label: exact; the schema and the rows that were there are as they were before the up file.

BEGIN;
SET LOCAL lock_timeout = '2s';
SET LOCAL statement_timeout = '10s';
-- Bodies may name what is made later; the check would refuse them.
SET LOCAL check_function_bodies = off;

-- Without a default: a value in it says who wrote the row.
ALTER TABLE public.products ADD COLUMN price_cents_underpin_old integer;

-- Function public.products_price_cents_underpin_sync() is created.
CREATE FUNCTION public.products_price_cents_underpin_sync() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
BEGIN
    NEW.price_cents_underpin_old := (SELECT (products.price_cents::integer) FROM (SELECT NEW.*) AS products);
    RETURN NEW;
END
$$;

-- Trigger zzz_underpin_price_cents of public.products is created.
CREATE TRIGGER zzz_underpin_price_cents
    BEFORE INSERT OR UPDATE ON public.products
    FOR EACH ROW
    EXECUTE FUNCTION public.products_price_cents_underpin_sync();

-- Trigger zzz_underpin_price_cents of public.products fires, also for what replication writes.
ALTER TABLE public.products ENABLE ALWAYS TRIGGER zzz_underpin_price_cents;

COMMIT;
