-- 0001_expand_schema.down.sql undoes 0001_expand_schema.up.sql.
-- Phase expand.
--
-- Takes back what the up file did for:
-- * Relation public.spending is built anew beside the old one, with the views that hang together with it.
--
-- Transaction: one; the file takes effect as a whole or not at all.
-- Locks:
--   public.big_spenders_underpin_new  ACCESS EXCLUSIVE  reads and writes wait; brief
--   public.spending_underpin_new      ACCESS EXCLUSIVE  reads and writes wait; brief
-- Time limits: lock_timeout 500ms, statement_timeout 3s.
-- If it fails: everything is rolled back; run the file again. After a lock timeout (55P03) look for who holds
--              the lock first.
-- Truth label: exact; the schema and the rows that were there are as they were before the up file.

BEGIN;
SET LOCAL lock_timeout = '500ms';
SET LOCAL statement_timeout = '3s';

-- Relation public.big_spenders_underpin_new is dropped.
DROP VIEW public.big_spenders_underpin_new;

-- Relation public.spending_underpin_new is dropped.
DROP MATERIALIZED VIEW public.spending_underpin_new;

COMMIT;
