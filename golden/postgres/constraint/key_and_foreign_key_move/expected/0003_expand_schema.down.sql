-- no-transaction
-- 0003_expand_schema.down.sql undoes 0003_expand_schema.up.sql.
-- Phase expand.
--
-- Takes back what the up file did for:
-- * Constraint companies_pkey of public.companies is over something else.
--
-- Transaction: none; one statement, which the server refuses in a transaction or which commits by itself.
-- Locks: none on a relation that is in use.
-- Time limits: none can be set in this file, and none should hold: run it with lock_timeout and
--              statement_timeout 0. It makes no reader or writer wait for long.
-- If it fails: run the file again.
-- Truth label: exact; the schema and the rows that were there are as they were before the up file.

-- Relation public.companies_pkey_underpin_new is dropped.
DROP INDEX CONCURRENTLY IF EXISTS public.companies_pkey_underpin_new;
