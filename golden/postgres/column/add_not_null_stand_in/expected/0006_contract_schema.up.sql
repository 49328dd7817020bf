-- 0006_contract_schema.up.sql
-- Phase contract: What is old goes. For the new application.
--
-- * Column country of public.users is added.
--   Nothing says what old rows hold, so they get a neutral value of the type; a backfill directive says
--   better.
--
-- Transaction: one; the file takes effect as a whole or not at all.
-- Locks:
--   public.users  ACCESS EXCLUSIVE  reads and writes wait; brief
-- Time limits: lock_timeout 2s, statement_timeout 10s.
-- If it fails: everything is rolled back; run the file again. After a lock timeout (55P03) look for who holds
--              the lock first.
-- Undone by: 0006_contract_schema.down.sql (exact).

BEGIN;
SET LOCAL lock_timeout = '2s';
SET LOCAL statement_timeout = '10s';

-- Nobody writes the old shape any more.
DROP TRIGGER zzz_users_country_underpin_sync ON public.users;

-- Its trigger is gone.
DROP FUNCTION public.users_country_underpin_sync();

COMMIT;
