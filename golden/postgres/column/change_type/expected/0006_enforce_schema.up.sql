-- 0006_enforce_schema.up.sql
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
--   public.products  ACCESS EXCLUSIVE  reads and writes wait; brief
-- Time limits: lock_timeout 2s, statement_timeout 10s.
-- If it fails: everything is rolled back; run the file again. After a lock timeout (55P03) look for who holds
--              the lock first.
-- Undone by: 0006_enforce_schema.down.sql (exact).

BEGIN;
SET LOCAL lock_timeout = '2s';
SET LOCAL statement_timeout = '10s';

-- Relation public.products_price_idx_underpin_new is complete.
DO $$
BEGIN
    IF NOT EXISTS (
        SELECT FROM pg_catalog.pg_index
        WHERE indexrelid = to_regclass('public.products_price_idx_underpin_new') AND indisvalid
    ) THEN
        RAISE EXCEPTION 'index public.products_price_idx_underpin_new is missing or invalid';
    END IF;
END
$$;

-- No new row has a null in price_cents_underpin_new.
ALTER TABLE public.products ADD CONSTRAINT products_price_cents_underpin_not_null NOT NULL price_cents_underpin_new NOT VALID;

-- Constraint products_price_check_underpin_new of public.products holds for new rows.
ALTER TABLE public.products ADD CONSTRAINT products_price_check_underpin_new CHECK ((price_cents_underpin_new >= 0)) NOT VALID;

COMMIT;
