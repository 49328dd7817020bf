-- no-transaction
-- 0004_contract_schema.up.sql
-- Phase contract: What is old goes. For the new application.
--
-- * Relation public.users_email_idx is built anew.
--   The new index is built beside the old one, so that there is one at any time.
--
-- Transaction: none; one statement, which the server refuses in a transaction or which commits by itself.
-- Locks:
--   public.users            SHARE UPDATE EXCLUSIVE  reads and writes go on, VACUUM and DDL wait; brief
--   public.users_email_idx  ACCESS EXCLUSIVE        reads and writes wait; brief
-- Time limits: none can be set in this file, and none should hold: run it with lock_timeout and
--              statement_timeout 0. It makes no reader or writer wait for long.
-- If it fails: run the file again.
-- Undone by: 0004_contract_schema.down.sql (exact).

-- The new index serves all that this one served.
DROP INDEX CONCURRENTLY IF EXISTS public.users_email_idx;
