-- 0006_contract_schema.up.sql
-- Phase contract: What is old goes. For the new application.
--
-- * Column mail of public.users is dropped.
--   The old application uses it until the new one is deployed, so it goes last.
-- * Column email of public.users is added.
--   Nothing says what old rows hold, so they get a neutral value of the type; a backfill directive says
--   better.
--
-- Transaction: one; the file takes effect as a whole or not at all.
-- Locks:
--   public.users  ACCESS EXCLUSIVE  reads and writes wait; brief
-- Time limits: lock_timeout 2s, statement_timeout 10s.
-- If it fails: everything is rolled back; run the file again. After a lock timeout (55P03) look for who holds
--              the lock first.
-- Undone by: 0006_contract_schema.down.sql (loses data: the values of column mail of public.users; rows get a
--            placeholder).

BEGIN;
SET LOCAL lock_timeout = '2s';
SET LOCAL statement_timeout = '10s';

-- Column mail of public.users is dropped.
ALTER TABLE public.users DROP COLUMN mail;

-- Nobody writes the old shape any more.
DROP TRIGGER zzz_users_email_underpin_sync ON public.users;

-- Its trigger is gone.
DROP FUNCTION public.users_email_underpin_sync();

COMMIT;
