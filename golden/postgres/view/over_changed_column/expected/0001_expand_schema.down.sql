-- 0001_expand_schema.down.sql undoes 0001_expand_schema.up.sql.
-- Phase expand.
--
-- Takes back what the up file did for:
-- * Relation public.skus is created anew.
-- * Column sku of public.products changes from character varying(20) to character varying(40).
--
-- Transaction: one; the file takes effect as a whole or not at all.
-- Locks:
--   public.products       ACCESS EXCLUSIVE  reads and writes wait; all rows and indexes are written anew
--   public.products_pkey  ACCESS EXCLUSIVE  reads and writes wait; brief
--   public.skus           ACCESS EXCLUSIVE  reads and writes wait; brief
-- Hazard: public.products (ACCESS EXCLUSIVE) stays locked while this file reads or writes rows; run it when
--         those who read and write can wait.
-- Time limits: lock_timeout 500ms, statement_timeout 3s, none for what reads or writes rows.
-- If it fails: everything is rolled back; run the file again. After a lock timeout (55P03) look for who holds
--              the lock first.
-- Truth label: exact; the schema and the rows that were there are as they were before the up file.

BEGIN;
SET LOCAL lock_timeout = '500ms';
SET LOCAL statement_timeout = '3s';

-- Relation public.skus is dropped.
DROP VIEW public.skus;

SET LOCAL statement_timeout = 0;
-- Column sku of public.products becomes character varying(20).
ALTER TABLE public.products ALTER COLUMN sku TYPE character varying(20);

SET LOCAL statement_timeout = '3s';
-- Relation public.skus is created.
CREATE VIEW public.skus AS
SELECT id, sku FROM public.products;

-- Relation public.skus is described.
COMMENT ON VIEW public.skus IS 'What can be sold';

COMMIT;
