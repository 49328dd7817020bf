-- 0001_expand_schema.up.sql
-- Phase expand: New objects are made beside the old ones. For the old application, unchanged.
--
-- * Relation public.tickets changes.
--   The sequence changes in place and keeps its position.
--
-- Transaction: one; the file takes effect as a whole or not at all.
-- Locks:
--   public.tickets  SHARE ROW EXCLUSIVE  writes wait, reads go on; brief
-- Time limits: lock_timeout 2s, statement_timeout 10s.
-- If it fails: everything is rolled back; run the file again. After a lock timeout (55P03) look for who holds
--              the lock first.
-- Undone by: 0001_expand_schema.down.sql (exact).

BEGIN;
SET LOCAL lock_timeout = '2s';
SET LOCAL statement_timeout = '10s';

-- Relation public.tickets gives its numbers in another way.
ALTER SEQUENCE public.tickets INCREMENT BY 10 CACHE 5;

COMMIT;
