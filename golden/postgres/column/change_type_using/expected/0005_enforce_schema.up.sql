-- 0005_enforce_schema.up.sql
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
--   public.products  SHARE UPDATE EXCLUSIVE  reads and writes go on, VACUUM and DDL wait; all rows are read
-- Time limits: lock_timeout 2s, statement_timeout 10s, none for what reads or writes rows.
-- If it fails: everything is rolled back; run the file again. After a lock timeout (55P03) look for who holds
--              the lock first.
-- Undone by: 0005_enforce_schema.down.sql (exact).

BEGIN;
SET LOCAL lock_timeout = '2s';
SET LOCAL statement_timeout = 0;

-- No row has a null in price_underpin_new.
ALTER TABLE public.products VALIDATE CONSTRAINT products_price_underpin_not_null;

-- Both columns agree in every row.
DO $$
BEGIN
    IF EXISTS (
        SELECT FROM public.products
        WHERE price_underpin_new IS DISTINCT FROM (((products.price * (100)::numeric))::bigint)
    ) THEN
        RAISE EXCEPTION 'public.products has rows without their value in price_underpin_new';
    END IF;
END
$$;

SET LOCAL statement_timeout = '10s';
-- The server learns the new values before they are asked for.
ANALYZE public.products (price_underpin_new);

COMMIT;
