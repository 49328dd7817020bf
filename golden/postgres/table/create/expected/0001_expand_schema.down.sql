-- 0001_expand_schema.down.sql undoes 0001_expand_schema.up.sql.
-- Phase expand.
--
-- Takes back what the up file did for:
-- * Relation public.sessions is created.
-- * Constraint sessions_user_id_fkey of public.sessions is added.
-- * Relation public.sessions_user_id_idx is created.
--
-- Transaction: one; the file takes effect as a whole or not at all.
-- Locks:
--   public.users  ACCESS EXCLUSIVE  reads and writes wait; brief
-- Time limits: lock_timeout 2s, statement_timeout 10s.
-- If it fails: everything is rolled back; run the file again. After a lock timeout (55P03) look for who holds
--              the lock first.
-- Truth label: exact; the schema and the rows that were there are as they were before the up file.

BEGIN;
SET LOCAL lock_timeout = '2s';
SET LOCAL statement_timeout = '10s';

-- Relation public.sessions_user_id_idx is dropped.
DROP INDEX public.sessions_user_id_idx;

-- Constraint sessions_user_id_fkey of public.sessions is dropped.
ALTER TABLE public.sessions DROP CONSTRAINT sessions_user_id_fkey;

-- Relation public.sessions is dropped.
DROP TABLE public.sessions;

COMMIT;
