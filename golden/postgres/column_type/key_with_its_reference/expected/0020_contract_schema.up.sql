-- 0020_contract_schema.up.sql
-- Phase contract: What is old goes. For the new application.
--
-- * Column id of public.orders changes from integer to bigint.
--   The server would write the table anew under a lock that shuts out all others; so a second column is
--   filled beside the first and takes its place in one short transaction. Until the contract phase the new
--   column takes only what the old type can hold.
--
-- Transaction: one; the file takes effect as a whole or not at all.
-- Locks:
--   public.items   ACCESS EXCLUSIVE  reads and writes wait; brief
--   public.orders  ACCESS EXCLUSIVE  reads and writes wait; brief
-- Time limits: lock_timeout 500ms, statement_timeout 3s.
-- If it fails: everything is rolled back; run the file again. After a lock timeout (55P03) look for who holds
--              the lock first.
-- Undone by: 0020_contract_schema.down.sql (exact).

BEGIN;
SET LOCAL lock_timeout = '500ms';
SET LOCAL statement_timeout = '3s';

-- Trigger zzz_underpin_id of public.orders goes.
DROP TRIGGER zzz_underpin_id ON public.orders;

-- Function public.orders_id_underpin_sync() goes.
DROP FUNCTION public.orders_id_underpin_sync();

-- Column id_underpin_old of public.orders goes with all that is on it.
ALTER TABLE public.orders DROP COLUMN id_underpin_old;

-- Trigger zzz_underpin_order_id of public.items goes.
DROP TRIGGER zzz_underpin_order_id ON public.items;

-- Function public.items_order_id_underpin_sync() goes.
DROP FUNCTION public.items_order_id_underpin_sync();

-- Column order_id_underpin_old of public.items goes with all that is on it.
ALTER TABLE public.items DROP COLUMN order_id_underpin_old;

COMMIT;
