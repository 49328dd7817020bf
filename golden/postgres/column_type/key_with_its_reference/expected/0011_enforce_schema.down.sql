-- 0011_enforce_schema.down.sql undoes 0011_enforce_schema.up.sql.
-- Phase enforce.
--
-- Takes back what the up file did for:
-- * Column id of public.orders changes from integer to bigint.
--
-- Transaction: one; the file takes effect as a whole or not at all.
-- Locks:
--   public.items   ACCESS EXCLUSIVE  reads and writes wait; brief
--   public.orders  ACCESS EXCLUSIVE  reads and writes wait; brief
-- Time limits: lock_timeout 500ms, statement_timeout 3s.
-- If it fails: everything is rolled back; run the file again. After a lock timeout (55P03) look for who holds
--              the lock first.
-- Truth label: exact; the schema and the rows that were there are as they were before the up file.

BEGIN;
SET LOCAL lock_timeout = '500ms';
SET LOCAL statement_timeout = '3s';

-- Constraint items_order_id_fkey_underpin_new of public.items goes.
ALTER TABLE public.items DROP CONSTRAINT IF EXISTS items_order_id_fkey_underpin_new;

-- Column order_id_underpin_new of public.items may be null again.
ALTER TABLE public.items ALTER COLUMN order_id_underpin_new DROP NOT NULL;

-- Column id_underpin_new of public.orders may be null again.
ALTER TABLE public.orders ALTER COLUMN id_underpin_new DROP NOT NULL;

COMMIT;
