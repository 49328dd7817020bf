-- 0010_contract_schema.up.sql
-- Phase contract: What is old goes. For the new application.
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
-- Undone by: 0010_contract_schema.down.sql (loses data: what the conversion of column price of
--            public.products did not keep: its old values are computed from the new ones).

BEGIN;
SET LOCAL lock_timeout = '2s';
SET LOCAL statement_timeout = '10s';

-- Trigger zzz_underpin_price of public.products goes.
DROP TRIGGER zzz_underpin_price ON public.products;

-- Function public.products_price_underpin_sync() goes.
DROP FUNCTION public.products_price_underpin_sync();

-- Column price_underpin_old of public.products goes with all that is on it.
ALTER TABLE public.products DROP COLUMN price_underpin_old;

COMMIT;
