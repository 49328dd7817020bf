-- 0002_expand_schema.up.sql
-- Phase expand: New objects are made beside the old ones. For the old application, unchanged.
--
-- * Relation public.spending is built anew beside the old one, with the views that hang together with it.
--   Filling it reads all rows of its tables, so it is filled in a file that locks nothing that others wait
--   for; the new one then takes the old one's name.
--
-- Transaction: one; the file takes effect as a whole or not at all.
-- Locks:
--   public.big_spenders               ACCESS EXCLUSIVE        reads and writes wait; brief
--   public.big_spenders_underpin_new  ACCESS EXCLUSIVE        reads and writes wait; brief
--   public.spending                   ACCESS EXCLUSIVE        reads and writes wait; brief
--   public.spending_customer_idx      SHARE UPDATE EXCLUSIVE  reads and writes go on, VACUUM and DDL wait; brief
--   public.spending_underpin_new      ACCESS EXCLUSIVE        reads and writes wait; brief
-- Time limits: lock_timeout 500ms, statement_timeout 3s.
-- If it fails: everything is rolled back; run the file again. After a lock timeout (55P03) look for who holds
--              the lock first.
-- Undone by: 0002_expand_schema.down.sql (exact).

BEGIN;
SET LOCAL lock_timeout = '500ms';
SET LOCAL statement_timeout = '3s';

-- Relation public.spending becomes spending_underpin_old.
ALTER MATERIALIZED VIEW public.spending RENAME TO spending_underpin_old;

-- Relation public.spending_customer_idx becomes spending_customer_idx_underpin_old.
ALTER INDEX public.spending_customer_idx RENAME TO spending_customer_idx_underpin_old;

-- Relation public.big_spenders becomes big_spenders_underpin_old.
ALTER VIEW public.big_spenders RENAME TO big_spenders_underpin_old;

-- Relation public.spending_underpin_new becomes spending.
ALTER MATERIALIZED VIEW public.spending_underpin_new RENAME TO spending;

-- Relation public.spending_customer_idx_underpin_new becomes spending_customer_idx.
ALTER INDEX public.spending_customer_idx_underpin_new RENAME TO spending_customer_idx;

-- Relation public.big_spenders_underpin_new becomes big_spenders.
ALTER VIEW public.big_spenders_underpin_new RENAME TO big_spenders;

COMMIT;
