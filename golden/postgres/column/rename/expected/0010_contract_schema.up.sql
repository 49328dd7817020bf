-- 0010_contract_schema.up.sql
-- Phase contract: What is old goes. For the new application.
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
-- Undone by: 0010_contract_schema.down.sql (exact).

BEGIN;
SET LOCAL lock_timeout = '2s';
SET LOCAL statement_timeout = '10s';

-- Trigger zzz_underpin_full_name of public.users goes.
DROP TRIGGER zzz_underpin_full_name ON public.users;

-- Function public.users_full_name_underpin_sync() goes.
DROP FUNCTION public.users_full_name_underpin_sync();

-- Column name of public.users goes with all that is on it.
ALTER TABLE public.users DROP COLUMN name;

COMMIT;
