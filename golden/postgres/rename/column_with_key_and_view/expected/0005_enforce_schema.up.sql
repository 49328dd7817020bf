-- no-transaction
-- 0005_enforce_schema.up.sql
-- Phase enforce: What is new becomes binding. For the new application; the old one where a sync trigger still
-- bridges.
--
-- * Column account of public.users is renamed to account_id.
--   The old application knows the old name and the new one the new name: both are written until the old one
--   is gone, and a trigger keeps them equal.
--
-- Transaction: none; one statement, which the server refuses in a transaction or which commits by itself.
-- Locks:
--   public.users  SHARE UPDATE EXCLUSIVE  reads and writes go on, VACUUM and DDL wait; all rows are read
-- Time limits: none can be set in this file, and none should hold: run it with lock_timeout and
--              statement_timeout 0. It makes no reader or writer wait for long.
-- If it fails: run the file before it and this one again: what an interrupted run leaves behind is taken away
--              there.
-- Undone by: 0005_enforce_schema.down.sql (exact).

-- Relation public.users_account_id_idx_underpin_new is built while others write.
CREATE INDEX CONCURRENTLY users_account_id_idx_underpin_new ON public.users (account_id);
