-- no-transaction
-- 0004_expand_schema.down.sql undoes 0004_expand_schema.up.sql.
-- Phase expand.
--
-- Takes back what the up file did for:
-- * Relation public.events_kind is built anew.
--
-- Transaction: none; one statement, which the server refuses in a transaction or which commits by itself.
-- Locks: none on a relation that is in use.
-- Time limits: none can be set in this file, and none should hold: run it with lock_timeout and
--              statement_timeout 0. It makes no reader or writer wait for long.
-- If it fails: run the file again.
-- Truth label: exact; the schema and the rows that were there are as they were before the up file.

-- Relation public.events_2026_h1_kind_idx_underpin_new is dropped.
DROP INDEX CONCURRENTLY IF EXISTS public.events_2026_h1_kind_idx_underpin_new;
