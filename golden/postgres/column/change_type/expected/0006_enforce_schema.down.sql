-- 0006_enforce_schema.down.sql undoes 0006_enforce_schema.up.sql.
-- Phase enforce.
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

-- Constraint products_price_check_underpin_new of public.products goes.
ALTER TABLE public.products DROP CONSTRAINT IF EXISTS products_price_check_underpin_new;

-- Column price_cents_underpin_new of public.products may be null again.
ALTER TABLE public.products ALTER COLUMN price_cents_underpin_new DROP NOT NULL;

COMMIT;
