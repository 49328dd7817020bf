-- no-transaction
-- 0018_contract_schema.down.sql undoes 0018_contract_schema.up.sql.
-- Phase contract.
--
-- Takes back what the up file did for:
-- * Column id of public.event changes from integer to bigint.
--
-- Transaction: none; one statement, which the server refuses in a transaction or which commits by itself.
-- Locks:
--   public.event_2024  SHARE UPDATE EXCLUSIVE  reads and writes go on, VACUUM and DDL wait; all rows are read
-- Time limits: none can be set in this file, and none should hold: run it with lock_timeout and
--              statement_timeout 0. It makes no reader or writer wait for long.
-- If it fails: run the file before it and this one again: what an interrupted run leaves behind is taken away
--              there.
-- Truth label: exact; the schema and the rows that were there are as they were before the up file.

-- Relation public.event_2024_pkey_underpin_old is built while others write.
CREATE UNIQUE INDEX CONCURRENTLY event_2024_pkey_underpin_old ON public.event_2024 (id_underpin_old, at);
