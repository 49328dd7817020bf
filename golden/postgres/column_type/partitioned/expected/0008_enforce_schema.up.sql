-- no-transaction
-- 0008_enforce_schema.up.sql
-- Phase enforce: What is new becomes binding. For the new application; the old one where a sync trigger still
-- bridges.
--
-- * Column id of public.event changes from integer to bigint.
--   The server would write the table anew under a lock that shuts out all others; so a second column is
--   filled beside the first and takes its place in one short transaction. Until the contract phase the new
--   column takes only what the old type can hold.
--
-- Transaction: none; one statement, which the server refuses in a transaction or which commits by itself.
-- Locks:
--   public.event_2024  SHARE UPDATE EXCLUSIVE  reads and writes go on, VACUUM and DDL wait; brief
-- Time limits: none can be set in this file, and none should hold: run it with lock_timeout and
--              statement_timeout 0. It makes no reader or writer wait for long.
-- If it fails: run the file again.
-- Undone by: 0008_enforce_schema.down.sql (exact).

-- What an interrupted build may have left goes first: run this file again before building again.
DROP INDEX CONCURRENTLY IF EXISTS public.event_2024_kind_id_idx_underpin_new;
