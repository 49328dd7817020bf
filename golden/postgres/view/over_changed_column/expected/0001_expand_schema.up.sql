-- 0001_expand_schema.up.sql
-- Phase expand: New objects are made beside the old ones. For the old application, unchanged.
--
-- * Relation public.skus is created anew.
--   No ALTER makes this change, and it holds no rows: it is dropped and created anew in one transaction.
-- * Column sku of public.products changes from character varying(20) to character varying(40).
--   The server stores the values of both types alike: only its catalog changes.
--
-- Transaction: one; the file takes effect as a whole or not at all.
-- Locks:
--   public.products       ACCESS EXCLUSIVE  reads and writes wait; brief
--   public.products_pkey  ACCESS EXCLUSIVE  reads and writes wait; brief
--   public.skus           ACCESS EXCLUSIVE  reads and writes wait; brief
-- Time limits: lock_timeout 500ms, statement_timeout 3s.
-- If it fails: everything is rolled back; run the file again. After a lock timeout (55P03) look for who holds
--              the lock first.
-- Undone by: 0001_expand_schema.down.sql (exact).

BEGIN;
SET LOCAL lock_timeout = '500ms';
SET LOCAL statement_timeout = '3s';

-- Relation public.skus is dropped.
DROP VIEW public.skus;

-- Column sku of public.products becomes character varying(40).
ALTER TABLE public.products ALTER COLUMN sku TYPE character varying(40);

-- Relation public.skus is created.
CREATE VIEW public.skus AS
SELECT id, sku FROM public.products;

-- Relation public.skus is described.
COMMENT ON VIEW public.skus IS 'What can be sold';

COMMIT;
