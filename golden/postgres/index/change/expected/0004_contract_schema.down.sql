-- no-transaction
-- 0004_contract_schema.down.sql undoes 0004_contract_schema.up.sql.
-- Phase contract.
--
-- Takes back what the up file did for:
-- * Relation public.users_email_idx is built anew.
--
-- Transaction: none; one statement, which the server refuses in a transaction or which commits by itself.
-- Locks:
--   public.users  SHARE UPDATE EXCLUSIVE  reads and writes go on, VACUUM and DDL wait; all rows are read
-- Time limits: none can be set in this file, and none should hold: run it with lock_timeout and
--              statement_timeout 0. It makes no reader or writer wait for long.
-- If it fails: run the file before it and this one again: what an interrupted run leaves behind is taken away
--              there.
-- Truth label: exact; the schema and the rows that were there are as they were before the up file.

-- Relation public.users_email_idx is built while writers go on.
CREATE INDEX CONCURRENTLY users_email_idx ON public.users (email);
