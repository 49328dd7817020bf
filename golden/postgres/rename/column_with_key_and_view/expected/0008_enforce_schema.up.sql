-- 0008_enforce_schema.up.sql
-- Phase enforce: What is new becomes binding. For the new application; the old one where a sync trigger still
-- bridges.
--
-- * Column account of public.users is renamed to account_id.
--   The old application knows the old name and the new one the new name: both are written until the old one
--   is gone, and a trigger keeps them equal.
-- * Relation public.user_accounts is created anew.
--   No ALTER makes this change, and it holds no rows: it is dropped and created anew in one transaction.
--
-- Transaction: one; the file takes effect as a whole or not at all.
-- Locks:
--   public.accounts           ACCESS EXCLUSIVE        reads and writes wait; brief
--   public.user_accounts      ACCESS EXCLUSIVE        reads and writes wait; brief
--   public.users              ACCESS EXCLUSIVE        reads and writes wait; brief
--   public.users_account_idx  SHARE UPDATE EXCLUSIVE  reads and writes go on, VACUUM and DDL wait; brief
-- Time limits: lock_timeout 500ms, statement_timeout 3s.
-- If it fails: everything is rolled back; run the file again. After a lock timeout (55P03) look for who holds
--              the lock first.
-- Undone by: 0008_enforce_schema.down.sql (exact).

BEGIN;
SET LOCAL lock_timeout = '500ms';
SET LOCAL statement_timeout = '3s';

-- All tables at once, so that the short lock is waited for once.
LOCK TABLE public.accounts, public.users IN ACCESS EXCLUSIVE MODE;

-- Constraint users_account_fkey of public.users goes.
ALTER TABLE public.users DROP CONSTRAINT users_account_fkey;

-- Relation public.users_account_idx becomes users_account_idx_underpin_old.
ALTER INDEX public.users_account_idx RENAME TO users_account_idx_underpin_old;

-- Constraint users_account_not_null of public.users becomes users_account_not_null_underpin_old.
ALTER TABLE public.users RENAME CONSTRAINT users_account_not_null TO users_account_not_null_underpin_old;

-- Constraint users_account_id_underpin_not_null of public.users becomes users_account_id_not_null.
ALTER TABLE public.users RENAME CONSTRAINT users_account_id_underpin_not_null TO users_account_id_not_null;

-- Relation public.users_account_id_idx_underpin_new becomes users_account_id_idx.
ALTER INDEX public.users_account_id_idx_underpin_new RENAME TO users_account_id_idx;

-- Constraint users_account_id_fkey_underpin_new of public.users becomes users_account_id_fkey.
ALTER TABLE public.users RENAME CONSTRAINT users_account_id_fkey_underpin_new TO users_account_id_fkey;

-- Relation public.user_accounts is dropped.
DROP VIEW public.user_accounts;

-- Relation public.user_accounts is created.
CREATE VIEW public.user_accounts AS
SELECT id, account_id AS account FROM public.users;

COMMIT;
