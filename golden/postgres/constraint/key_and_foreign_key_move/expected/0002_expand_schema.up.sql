-- no-transaction
-- 0002_expand_schema.up.sql
-- Phase expand: New objects are made beside the old ones. For the old application, unchanged.
--
-- * Constraint companies_pkey of public.companies is over something else.
--   The new index is built while writers go on, and the constraints change places in one transaction.
--
-- Transaction: none; one statement, which the server refuses in a transaction or which commits by itself.
-- Locks:
--   public.companies  SHARE UPDATE EXCLUSIVE  reads and writes go on, VACUUM and DDL wait; brief
-- Time limits: none can be set in this file, and none should hold: run it with lock_timeout and
--              statement_timeout 0. It makes no reader or writer wait for long.
-- If it fails: run the file again.
-- Undone by: 0002_expand_schema.down.sql (exact).

-- What an interrupted build may have left goes first: run this file again before building again.
DROP INDEX CONCURRENTLY IF EXISTS public.companies_pkey_underpin_new;
