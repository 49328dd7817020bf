-- no-transaction
-- 0005_expand_schema.down.sql undoes 0005_expand_schema.up.sql.
-- Phase expand.
--
-- Takes back what the up file did for:
-- * Constraint account_id_key of public.account is added.
--
-- Transaction: none; one statement, which the server refuses in a transaction or which commits by itself.
-- Locks:
--   public.account         SHARE UPDATE EXCLUSIVE  reads and writes go on, VACUUM and DDL wait; brief
--   public.account_id_key  ACCESS EXCLUSIVE        reads and writes wait; brief
-- Time limits: none can be set in this file, and none should hold: run it with lock_timeout and
--              statement_timeout 0. It makes no reader or writer wait for long.
-- If it fails: run the file again.
-- Truth label: exact; the schema and the rows that were there are as they were before the up file.

-- Relation public.account_id_key is dropped.
DROP INDEX CONCURRENTLY IF EXISTS public.account_id_key;
