-- 0006_enforce_schema.up.sql
-- Phase enforce: What is new becomes binding. For the new application; the old one where a sync trigger still
-- bridges.
--
-- * Column name of public.users is renamed to full_name.
--   The old application knows the old name and the new one the new name: both are written until the old one
--   is gone, and a trigger keeps them equal.
--
-- Transaction: one; the file takes effect as a whole or not at all.
-- Locks:
--   public.users  ACCESS EXCLUSIVE  reads and writes wait; brief
-- Time limits: lock_timeout 2s, statement_timeout 10s.
-- If it fails: everything is rolled back; run the file again. After a lock timeout (55P03) look for who holds
--              the lock first.
-- Undone by: 0006_enforce_schema.down.sql (exact).

BEGIN;
SET LOCAL lock_timeout = '2s';
SET LOCAL statement_timeout = '10s';

-- All tables at once, so that the short lock is waited for once.
LOCK TABLE public.users IN ACCESS EXCLUSIVE MODE;

-- Constraint users_name_not_null of public.users becomes users_name_not_null_underpin_old.
ALTER TABLE public.users RENAME CONSTRAINT users_name_not_null TO users_name_not_null_underpin_old;

-- Constraint users_full_name_underpin_not_null of public.users becomes users_full_name_not_null.
ALTER TABLE public.users RENAME CONSTRAINT users_full_name_underpin_not_null TO users_full_name_not_null;

COMMIT;
