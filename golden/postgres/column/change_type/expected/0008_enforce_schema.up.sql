-- 0008_enforce_schema.up.sql
-- Phase enforce: What is new becomes binding. For the new application; the old one where a sync trigger still
-- bridges.
--
-- * Column price_cents of public.products changes from integer to bigint.
--   The server would write the table anew under a lock that shuts out all others; so a second column is
--   filled beside the first and takes its place in one short transaction. Until the contract phase the new
--   column takes only what the old type can hold.
--
-- Transaction: one; the file takes effect as a whole or not at all.
-- Locks:
--   public.products            ACCESS EXCLUSIVE        reads and writes wait; brief
--   public.products_price_idx  SHARE UPDATE EXCLUSIVE  reads and writes go on, VACUUM and DDL wait; brief
-- Time limits: lock_timeout 500ms, statement_timeout 3s.
-- If it fails: everything is rolled back; run the file again. After a lock timeout (55P03) look for who holds
--              the lock first.
-- Undone by: 0008_enforce_schema.down.sql (exact).

BEGIN;
SET LOCAL lock_timeout = '500ms';
SET LOCAL statement_timeout = '3s';
-- Bodies may name what is made later; the check would refuse them.
SET LOCAL check_function_bodies = off;

-- All tables at once, so that the short lock is waited for once.
LOCK TABLE public.products IN ACCESS EXCLUSIVE MODE;

-- Constraint products_price_check of public.products goes.
ALTER TABLE public.products DROP CONSTRAINT products_price_check;

-- The default moves to the other column.
ALTER TABLE public.products ALTER COLUMN price_cents DROP DEFAULT;

-- Relation public.products_price_idx becomes products_price_idx_underpin_old.
ALTER INDEX public.products_price_idx RENAME TO products_price_idx_underpin_old;

-- Constraint products_price_cents_not_null of public.products becomes
-- products_price_cents_not_null_underpin_old.
ALTER TABLE public.products RENAME CONSTRAINT products_price_cents_not_null TO products_price_cents_not_null_underpin_old;

-- Column price_cents of public.products becomes price_cents_underpin_old.
ALTER TABLE public.products RENAME COLUMN price_cents TO price_cents_underpin_old;

-- Column price_cents_underpin_new of public.products becomes price_cents.
ALTER TABLE public.products RENAME COLUMN price_cents_underpin_new TO price_cents;

-- Constraint products_price_cents_underpin_not_null of public.products becomes products_price_cents_not_null.
ALTER TABLE public.products RENAME CONSTRAINT products_price_cents_underpin_not_null TO products_price_cents_not_null;

-- Relation public.products_price_idx_underpin_new becomes products_price_idx.
ALTER INDEX public.products_price_idx_underpin_new RENAME TO products_price_idx;

-- Constraint products_price_check_underpin_new of public.products becomes products_price_check.
ALTER TABLE public.products RENAME CONSTRAINT products_price_check_underpin_new TO products_price_check;

-- The default of the column under this name.
ALTER TABLE public.products ALTER COLUMN price_cents SET DEFAULT 0;

-- The columns have changed their names: values flow the other way.
CREATE OR REPLACE FUNCTION public.products_price_cents_underpin_sync() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
BEGIN
    NEW.price_cents_underpin_old := (SELECT (products.price_cents::integer) FROM (SELECT NEW.*) AS products);
    RETURN NEW;
END
$$;

COMMIT;
