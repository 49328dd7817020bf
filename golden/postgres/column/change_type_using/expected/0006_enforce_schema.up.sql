-- 0006_enforce_schema.up.sql
-- Phase enforce: What is new becomes binding. For the new application; the old one where a sync trigger still
-- bridges.
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
-- Undone by: 0006_enforce_schema.down.sql (exact).

BEGIN;
SET LOCAL lock_timeout = '2s';
SET LOCAL statement_timeout = '10s';
-- Bodies may name what is made later; the check would refuse them.
SET LOCAL check_function_bodies = off;

-- All tables at once, so that the short lock is waited for once.
LOCK TABLE public.products IN ACCESS EXCLUSIVE MODE;

-- Constraint products_price_not_null of public.products becomes products_price_not_null_underpin_old.
ALTER TABLE public.products RENAME CONSTRAINT products_price_not_null TO products_price_not_null_underpin_old;

-- Column price of public.products becomes price_underpin_old.
ALTER TABLE public.products RENAME COLUMN price TO price_underpin_old;

-- Column price_underpin_new of public.products becomes price.
ALTER TABLE public.products RENAME COLUMN price_underpin_new TO price;

-- Constraint products_price_underpin_not_null of public.products becomes products_price_not_null.
ALTER TABLE public.products RENAME CONSTRAINT products_price_underpin_not_null TO products_price_not_null;

-- The columns have changed their names: values flow the other way.
CREATE OR REPLACE FUNCTION public.products_price_underpin_sync() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
BEGIN
    NEW.price_underpin_old := (SELECT ((products.price)::numeric / 100.0) FROM (SELECT NEW.*) AS products);
    RETURN NEW;
END
$$;

COMMIT;
