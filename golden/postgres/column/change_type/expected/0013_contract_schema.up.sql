-- 0013_contract_schema.up.sql
-- Phase contract: What is old goes. For the new application.
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
-- Undone by: 0013_contract_schema.down.sql (exact).

BEGIN;
SET LOCAL lock_timeout = '2s';
SET LOCAL statement_timeout = '10s';

-- Trigger zzz_underpin_price_cents of public.products goes.
DROP TRIGGER zzz_underpin_price_cents ON public.products;

-- Function public.products_price_cents_underpin_sync() goes.
DROP FUNCTION public.products_price_cents_underpin_sync();

-- Column price_cents_underpin_old of public.products goes with all that is on it.
ALTER TABLE public.products DROP COLUMN price_cents_underpin_old;

COMMIT;
