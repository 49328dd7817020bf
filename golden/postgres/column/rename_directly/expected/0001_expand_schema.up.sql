-- 0001_expand_schema.up.sql
-- Phase expand: New objects are made beside the old ones. For the old application, unchanged.
--
-- * Column name of public.users is renamed to full_name.
--   The directive asks for a plain rename; whatever still uses the old name fails from then on.
-- * The not-null constraint of column full_name of public.users changes.
--   PostgreSQL 18 keeps NOT NULL as a constraint with a name and a validity of its own.
--
-- Transaction: one; the file takes effect as a whole or not at all.
-- Locks:
--   public.users  ACCESS EXCLUSIVE  reads and writes wait; brief
-- Time limits: lock_timeout 2s, statement_timeout 10s.
-- If it fails: everything is rolled back; run the file again. After a lock timeout (55P03) look for who holds
--              the lock first.
-- Undone by: 0001_expand_schema.down.sql (exact).

BEGIN;
SET LOCAL lock_timeout = '2s';
SET LOCAL statement_timeout = '10s';

-- Column name of public.users becomes full_name.
ALTER TABLE public.users RENAME COLUMN name TO full_name;

-- The constraint takes its new name.
ALTER TABLE public.users RENAME CONSTRAINT users_name_not_null TO users_full_name_not_null;

COMMIT;
