-- 0007_expand_schema.down.sql undoes 0007_expand_schema.up.sql.
-- Phase expand.
--
-- Takes back what the up file did for:
-- * Relation public.events_at_idx is created.
--
-- Transaction: one; the file takes effect as a whole or not at all.
-- Locks:
--   public.events       ACCESS EXCLUSIVE  reads and writes wait; brief
--   public.events_2025  ACCESS EXCLUSIVE  reads and writes wait; brief
-- Time limits: lock_timeout 500ms, statement_timeout 3s.
-- If it fails: everything is rolled back; run the file again. After a lock timeout (55P03) look for who holds
--              the lock first.
-- Truth label: exact; the schema and the rows that were there are as they were before the up file.

BEGIN;
SET LOCAL lock_timeout = '500ms';
SET LOCAL statement_timeout = '3s';

-- Relation public.events_at_idx is dropped.
DROP INDEX public.events_at_idx;

COMMIT;
