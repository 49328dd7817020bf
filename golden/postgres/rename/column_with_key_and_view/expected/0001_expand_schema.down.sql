-- 0001_expand_schema.down.sql undoes 0001_expand_schema.up.sql.
-- Phase expand.
--
-- Takes back what the up file did for:
-- * Column account of public.users is renamed to account_id.
--
-- Transaction: one; the file takes effect as a whole or not at all.
-- Locks:
--   public.accounts  ACCESS EXCLUSIVE  reads and writes wait; brief
--   public.users     ACCESS EXCLUSIVE  reads and writes wait; brief
-- Time limits: lock_timeout 500ms, statement_timeout 3s.
-- If it fails: everything is rolled back; run the file again. After a lock timeout (55P03) look for who holds
--              the lock first.
-- Truth label: exact; the schema and the rows that were there are as they were before the up file.

BEGIN;
SET LOCAL lock_timeout = '500ms';
SET LOCAL statement_timeout = '3s';

-- Trigger zzz_underpin_account_id of public.users goes.
DROP TRIGGER zzz_underpin_account_id ON public.users;

-- Function public.users_account_id_underpin_sync() goes.
DROP FUNCTION public.users_account_id_underpin_sync();

-- Column account_id of public.users goes with all that is on it.
ALTER TABLE public.users DROP COLUMN account_id;

COMMIT;
