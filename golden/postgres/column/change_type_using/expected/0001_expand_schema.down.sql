-- 0001_expand_schema.down.sql undoes 0001_expand_schema.up.sql.
-- Phase expand.
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
-- Truth label: exact; the schema and the rows that were there are as they were before the up file.

BEGIN;
SET LOCAL lock_timeout = '2s';
SET LOCAL statement_timeout = '10s';

-- Trigger zzz_underpin_price of public.products goes.
DROP TRIGGER zzz_underpin_price ON public.products;

-- Function public.products_price_underpin_sync() goes.
DROP FUNCTION public.products_price_underpin_sync();

-- Column price_underpin_new of public.products goes with all that is on it.
ALTER TABLE public.products DROP COLUMN price_underpin_new;

COMMIT;
