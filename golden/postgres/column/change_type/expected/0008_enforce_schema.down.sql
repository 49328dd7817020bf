-- 0008_enforce_schema.down.sql undoes 0008_enforce_schema.up.sql.
-- Phase enforce.
--
-- Takes back what the up file did for:
-- * Column price_cents of public.products changes from integer to bigint.
--
-- Transaction: one; the file takes effect as a whole or not at all.
-- Locks:
--   public.products            ACCESS EXCLUSIVE        reads and writes wait; brief
--   public.products_price_idx  SHARE UPDATE EXCLUSIVE  reads and writes go on, VACUUM and DDL wait; brief
-- Time limits: lock_timeout 500ms, statement_timeout 3s.
-- If it fails: everything is rolled back; run the file again. After a lock timeout (55P03) look for who holds
--              the lock first.
-- Truth label: exact; the schema and the rows that were there are as they were before the up file.

BEGIN;
SET LOCAL lock_timeout = '500ms';
SET LOCAL statement_timeout = '3s';
-- Bodies may name what is made later; the check would refuse them.
SET LOCAL check_function_bodies = off;

-- All tables at once, so that the short lock is waited for once.
LOCK TABLE public.products IN ACCESS EXCLUSIVE MODE;

-- Constraint products_price_check of public.products becomes products_price_check_underpin_new.
ALTER TABLE public.products RENAME CONSTRAINT products_price_check TO products_price_check_underpin_new;

-- The default moves to the other column.
ALTER TABLE public.products ALTER COLUMN price_cents DROP DEFAULT;

-- Relation public.products_price_idx becomes products_price_idx_underpin_new.
ALTER INDEX public.products_price_idx RENAME TO products_price_idx_underpin_new;

-- Constraint products_price_cents_not_null of public.products becomes products_price_cents_underpin_not_null.
ALTER TABLE public.products RENAME CONSTRAINT products_price_cents_not_null TO products_price_cents_underpin_not_null;

-- Column price_cents of public.products becomes price_cents_underpin_new.
ALTER TABLE public.products RENAME COLUMN price_cents TO price_cents_underpin_new;

-- Column price_cents_underpin_old of public.products becomes price_cents.
ALTER TABLE public.products RENAME COLUMN price_cents_underpin_old TO price_cents;

-- Constraint products_price_cents_not_null_underpin_old of public.products becomes
-- products_price_cents_not_null.
ALTER TABLE public.products RENAME CONSTRAINT products_price_cents_not_null_underpin_old TO products_price_cents_not_null;

-- Relation public.products_price_idx_underpin_old becomes products_price_idx.
ALTER INDEX public.products_price_idx_underpin_old RENAME TO products_price_idx;

-- Constraint products_price_check of public.products holds for new rows.
ALTER TABLE public.products ADD CONSTRAINT products_price_check CHECK ((price_cents >= 0)) NOT VALID;

-- The default of the column under this name.
ALTER TABLE public.products ALTER COLUMN price_cents SET DEFAULT 0;

-- The columns have changed their names: values flow the other way.
CREATE OR REPLACE FUNCTION public.products_price_cents_underpin_sync() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
BEGIN
    NEW.price_cents_underpin_new := (SELECT (products.price_cents::bigint) FROM (SELECT NEW.*) AS products);
    RETURN NEW;
END
$$;

COMMIT;
