-- no-transaction
-- 0009_enforce_schema.down.sql undoes 0009_enforce_schema.up.sql.
-- Phase enforce.
--
-- Takes back what the up file did for:
-- * Column id of public.event changes from integer to bigint.
--
-- Transaction: none; one statement, which the server refuses in a transaction or which commits by itself.
-- Locks: none on a relation that is in use.
-- Time limits: none can be set in this file, and none should hold: run it with lock_timeout and
--              statement_timeout 0. It makes no reader or writer wait for long.
-- If it fails: run the file again.
-- Truth label: exact; the schema and the rows that were there are as they were before the up file.

-- Relation public.event_2024_kind_id_idx_underpin_new is dropped while others write.
DROP INDEX CONCURRENTLY IF EXISTS public.event_2024_kind_id_idx_underpin_new;
