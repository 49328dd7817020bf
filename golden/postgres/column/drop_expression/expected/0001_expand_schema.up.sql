-- 0001_expand_schema.up.sql
-- Phase expand: New objects are made beside the old ones. For the old application, unchanged.
--
-- * Column gross of public.invoices is no longer generated.
--   PostgreSQL changes what the catalog says of the expression, and of a stored column all values.
--
-- Transaction: one; the file takes effect as a whole or not at all.
-- Locks:
--   public.invoices  ACCESS EXCLUSIVE  reads and writes wait; brief
-- Time limits: lock_timeout 2s, statement_timeout 10s.
-- If it fails: everything is rolled back; run the file again. After a lock timeout (55P03) look for who holds
--              the lock first.
-- Undone by: 0001_expand_schema.down.sql (exact).

BEGIN;
SET LOCAL lock_timeout = '2s';
SET LOCAL statement_timeout = '10s';

-- Column gross of public.invoices keeps its values and is written from now on.
ALTER TABLE public.invoices ALTER COLUMN gross DROP EXPRESSION;

COMMIT;
