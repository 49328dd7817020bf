-- 0008_enforce_schema.down.sql undoes 0008_enforce_schema.up.sql.
-- Phase enforce.
--
-- Takes back what the up file did for:
-- * Column account of public.users is renamed to account_id.
-- * Relation public.user_accounts is created anew.
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
-- Truth label: exact; the schema and the rows that were there are as they were before the up file.

BEGIN;
SET LOCAL lock_timeout = '500ms';
SET LOCAL statement_timeout = '3s';

-- Relation public.user_accounts is dropped.
DROP VIEW public.user_accounts;

-- Relation public.user_accounts is created.
CREATE VIEW public.user_accounts AS
SELECT id, account FROM public.users;

-- All tables at once, so that the short lock is waited for once.
LOCK TABLE public.accounts, public.users IN ACCESS EXCLUSIVE MODE;

-- Constraint users_account_id_fkey of public.users goes.
ALTER TABLE public.users DROP CONSTRAINT users_account_id_fkey;

-- Relation public.users_account_id_idx becomes users_account_id_idx_underpin_new.
ALTER INDEX public.users_account_id_idx RENAME TO users_account_id_idx_underpin_new;

-- Constraint users_account_id_not_null of public.users becomes users_account_id_underpin_not_null.
ALTER TABLE public.users RENAME CONSTRAINT users_account_id_not_null TO users_account_id_underpin_not_null;

-- Constraint users_account_not_null_underpin_old of public.users becomes users_account_not_null.
ALTER TABLE public.users RENAME CONSTRAINT users_account_not_null_underpin_old TO users_account_not_null;

-- Relation public.users_account_idx_underpin_old becomes users_account_idx.
ALTER INDEX public.users_account_idx_underpin_old RENAME TO users_account_idx;

-- Constraint users_account_fkey of public.users holds for new rows.
ALTER TABLE public.users ADD CONSTRAINT users_account_fkey FOREIGN KEY (account) REFERENCES public.accounts (id) NOT VALID;

COMMIT;
