-- 0007_contract_schema.up.sql
-- Phase contract: What is old goes. For the new application.
--
-- * Constraint unique_email_underpin_old of public.members is dropped.
--   The old application may rely on it until the new one is deployed.
-- * Column email of public.members is dropped.
--   The old application uses it until the new one is deployed, so it goes last.
--
-- Transaction: one; the file takes effect as a whole or not at all.
-- Locks:
--   public.members                    ACCESS EXCLUSIVE  reads and writes wait; brief
--   public.unique_email_underpin_old  ACCESS EXCLUSIVE  reads and writes wait; brief
-- Time limits: lock_timeout 500ms, statement_timeout 3s.
-- If it fails: everything is rolled back; run the file again. After a lock timeout (55P03) look for who holds
--              the lock first.
-- Undone by: 0007_contract_schema.down.sql (loses data: the values of column email of public.members; rows
--            get a placeholder).

BEGIN;
SET LOCAL lock_timeout = '500ms';
SET LOCAL statement_timeout = '3s';

-- Constraint unique_email_underpin_old of public.members is dropped.
ALTER TABLE public.members DROP CONSTRAINT unique_email_underpin_old;

-- Column email of public.members is dropped.
ALTER TABLE public.members DROP COLUMN email;

COMMIT;
