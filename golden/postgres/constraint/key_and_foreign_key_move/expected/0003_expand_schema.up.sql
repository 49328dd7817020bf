-- no-transaction
-- 0003_expand_schema.up.sql
-- Phase expand: New objects are made beside the old ones. For the old application, unchanged.
--
-- * Constraint companies_pkey of public.companies is over something else.
--   The new index is built while writers go on, and the constraints change places in one transaction.
--
-- Transaction: none; one statement, which the server refuses in a transaction or which commits by itself.
-- Locks:
--   public.companies  SHARE UPDATE EXCLUSIVE  reads and writes go on, VACUUM and DDL wait; all rows are read
-- Time limits: none can be set in this file, and none should hold: run it with lock_timeout and
--              statement_timeout 0. It makes no reader or writer wait for long.
-- If it fails: run the file before it and this one again: what an interrupted run leaves behind is taken away
--              there.
-- Undone by: 0003_expand_schema.down.sql (exact).

-- Relation public.companies_pkey_underpin_new is built while writers go on.
CREATE UNIQUE INDEX CONCURRENTLY companies_pkey_underpin_new ON public.companies (code);
