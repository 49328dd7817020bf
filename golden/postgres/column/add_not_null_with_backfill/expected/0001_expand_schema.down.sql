-- 0001_expand_schema.down.sql undoes 0001_expand_schema.up.sql.
-- Phase expand.
--
-- Takes back what the up file did for:
-- * Column sent_to of public.orders is added.
--
-- Transaction: one; the file takes effect as a whole or not at all.
-- Locks:
--   public.orders  ACCESS EXCLUSIVE  reads and writes wait; brief
-- Time limits: lock_timeout 2s, statement_timeout 10s.
-- If it fails: everything is rolled back; run the file again. After a lock timeout (55P03) look for who holds
--              the lock first.
-- Truth label: exact; the schema and the rows that were there are as they were before the up file.

BEGIN;
SET LOCAL lock_timeout = '2s';
SET LOCAL statement_timeout = '10s';

-- Nobody writes the old shape any more.
DROP TRIGGER zzz_orders_sent_to_underpin_sync ON public.orders;

-- Its trigger is gone.
DROP FUNCTION public.orders_sent_to_underpin_sync();

-- Column sent_to of public.orders is dropped.
ALTER TABLE public.orders DROP COLUMN sent_to;

COMMIT;
