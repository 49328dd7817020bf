-- 0001_contract_schema.up.sql
-- Phase contract: What is old goes. For the new application.
--
-- * Column nickname of public.users is dropped.
--   The old application uses it until the new one is deployed, so it goes last.
--
-- Transaction: one; the file takes effect as a whole or not at all.
-- Locks:
--   public.users  ACCESS EXCLUSIVE  reads and writes wait; brief
-- Time limits: lock_timeout 2s, statement_timeout 10s.
-- If it fails: everything is rolled back; run the file again. After a lock timeout (55P03) look for who holds
--              the lock first.
-- Undone by: 0001_contract_schema.down.sql (loses data: the values of column nickname of public.users).

BEGIN;
SET LOCAL lock_timeout = '2s';
SET LOCAL statement_timeout = '10s';

-- Column nickname of public.users is dropped.
ALTER TABLE public.users DROP COLUMN nickname;

COMMIT;
