-- 0003_expand_schema.up.sql
-- Phase expand: New objects are made beside the old ones. For the old application, unchanged.
--
-- * Relation public.spending is built anew beside the old one, with the views that hang together with it.
--   Filling it reads all rows of its tables, so it is filled in a file that locks nothing that others wait
--   for; the new one then takes the old one's name.
--
-- Transaction: one; the file takes effect as a whole or not at all.
-- Locks:
--   public.big_spenders_underpin_old  ACCESS EXCLUSIVE  reads and writes wait; brief
--   public.spending_underpin_old      ACCESS EXCLUSIVE  reads and writes wait; brief
-- Time limits: lock_timeout 500ms, statement_timeout 3s.
-- If it fails: everything is rolled back; run the file again. After a lock timeout (55P03) look for who holds
--              the lock first.
-- Undone by: 0003_expand_schema.down.sql (exact).

BEGIN;
SET LOCAL lock_timeout = '500ms';
SET LOCAL statement_timeout = '3s';

-- Relation public.big_spenders_underpin_old is dropped.
DROP VIEW public.big_spenders_underpin_old;

-- Relation public.spending_underpin_old is dropped.
DROP MATERIALIZED VIEW public.spending_underpin_old;

COMMIT;
