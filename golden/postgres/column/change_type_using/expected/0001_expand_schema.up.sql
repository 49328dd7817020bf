-- 0001_expand_schema.up.sql
-- Phase expand: New objects are made beside the old ones. For the old application, unchanged.
--
-- * Column price of public.products changes from numeric to bigint.
--   The server would write the table anew under a lock that shuts out all others; so a second column is
--   filled beside the first and takes its place in one short transaction. From the first file on a value that
--   the new type does not take is refused, from the old application too; until the contract phase the new
--   column takes only what the old type can hold.
--
-- Transaction: one; the file takes effect as a whole or not at all.
-- Locks:
--   public.products  ACCESS EXCLUSIVE  reads and writes wait; brief
-- Time limits: lock_timeout 2s, statement_timeout 10s.
-- If it fails: everything is rolled back; run the file again. After a lock timeout (55P03) look for who holds
--              the lock first.
-- Undone by: 0001_expand_schema.down.sql (exact).

BEGIN;
SET LOCAL lock_timeout = '2s';
SET LOCAL statement_timeout = '10s';
-- Bodies may name what is made later; the check would refuse them.
SET LOCAL check_function_bodies = off;

-- Without a default: a value in it says who wrote the row.
ALTER TABLE public.products ADD COLUMN price_underpin_new bigint;

-- Function public.products_price_underpin_sync() is created.
CREATE FUNCTION public.products_price_underpin_sync() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
BEGIN
    NEW.price_underpin_new := (SELECT ((products.price * (100)::numeric))::bigint FROM (SELECT NEW.*) AS products);
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
