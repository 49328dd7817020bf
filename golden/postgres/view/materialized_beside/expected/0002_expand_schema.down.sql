-- 0002_expand_schema.down.sql undoes 0002_expand_schema.up.sql.
-- Phase expand.
--
-- Takes back what the up file did for:
-- * Relation public.spending is built anew beside the old one, with the views that hang together with it.
--
-- Transaction: one; the file takes effect as a whole or not at all.
-- Locks:
--   public.big_spenders               ACCESS EXCLUSIVE        reads and writes wait; brief
--   public.big_spenders_underpin_old  ACCESS EXCLUSIVE        reads and writes wait; brief
--   public.spending                   ACCESS EXCLUSIVE        reads and writes wait; brief
--   public.spending_customer_idx      SHARE UPDATE EXCLUSIVE  reads and writes go on, VACUUM and DDL wait; brief
--   public.spending_underpin_old      ACCESS EXCLUSIVE        reads and writes wait; brief
-- Time limits: lock_timeout 500ms, statement_timeout 3s.
-- If it fails: everything is rolled back; run the file again. After a lock timeout (55P03) look for who holds
--              the lock first.
-- Truth label: exact; the schema and the rows that were there are as they were before the up file.

BEGIN;
SET LOCAL lock_timeout = '500ms';
SET LOCAL statement_timeout = '3s';

-- Relation public.spending becomes spending_underpin_new.
ALTER MATERIALIZED VIEW public.spending RENAME TO spending_underpin_new;

-- Relation public.spending_customer_idx becomes spending_customer_idx_underpin_new.
ALTER INDEX public.spending_customer_idx RENAME TO spending_customer_idx_underpin_new;

-- Relation public.big_spenders becomes big_spenders_underpin_new.
ALTER VIEW public.big_spenders RENAME TO big_spenders_underpin_new;

-- Relation public.spending_underpin_old becomes spending.
ALTER MATERIALIZED VIEW public.spending_underpin_old RENAME TO spending;

-- Relation public.spending_customer_idx_underpin_old becomes spending_customer_idx.
ALTER INDEX public.spending_customer_idx_underpin_old RENAME TO spending_customer_idx;

-- Relation public.big_spenders_underpin_old becomes big_spenders.
ALTER VIEW public.big_spenders_underpin_old RENAME TO big_spenders;

COMMIT;
