-- 0013_contract_schema.up.sql
-- Phase contract: What is old goes. For the new application.
--
-- * Column account of public.users is renamed to account_id.
--   The old application knows the old name and the new one the new name: both are written until the old one
--   is gone, and a trigger keeps them equal.
--
-- Transaction: one; the file takes effect as a whole or not at all.
-- Locks:
--   public.accounts           ACCESS EXCLUSIVE  reads and writes wait; brief
--   public.users              ACCESS EXCLUSIVE  reads and writes wait; brief
--   public.users_account_idx  ACCESS EXCLUSIVE  reads and writes wait; brief
-- Time limits: lock_timeout 500ms, statement_timeout 3s.
-- If it fails: everything is rolled back; run the file again. After a lock timeout (55P03) look for who holds
--              the lock first.
-- Undone by: 0013_contract_schema.down.sql (exact).

BEGIN;
SET LOCAL lock_timeout = '500ms';
SET LOCAL statement_timeout = '3s';

-- Trigger zzz_underpin_account_id of public.users goes.
DROP TRIGGER zzz_underpin_account_id ON public.users;

-- Function public.users_account_id_underpin_sync() goes.
DROP FUNCTION public.users_account_id_underpin_sync();

-- Column account of public.users goes with all that is on it.
ALTER TABLE public.users DROP COLUMN account;

COMMIT;
