-- 0006_contract_schema.up.sql
-- Phase contract: What is old goes. For the new application.
--
-- * Relation public.account_by_id is dropped.
--   Queries of the old application may need it until the new one is deployed.
--
-- Transaction: one; the file takes effect as a whole or not at all.
-- Locks:
--   public.account        ACCESS EXCLUSIVE  reads and writes wait; brief
--   public.account_by_id  ACCESS EXCLUSIVE  reads and writes wait; brief
--   public.entry          ACCESS EXCLUSIVE  reads and writes wait; brief
-- Time limits: lock_timeout 500ms, statement_timeout 3s.
-- If it fails: everything is rolled back; run the file again. After a lock timeout (55P03) look for who holds
--              the lock first.
-- Undone by: 0006_contract_schema.down.sql (exact).

BEGIN;
SET LOCAL lock_timeout = '500ms';
SET LOCAL statement_timeout = '3s';

-- The referenced table is locked first, as running checks do, so that no deadlock comes of it.
LOCK TABLE public.account, public.entry IN ACCESS EXCLUSIVE MODE;

-- It goes by what goes.
ALTER TABLE public.entry DROP CONSTRAINT entry_account_fkey;

-- Relation public.account_by_id is dropped.
DROP INDEX public.account_by_id;

-- It goes by another key or index from now on.
ALTER TABLE public.entry ADD CONSTRAINT entry_account_fkey FOREIGN KEY (account) REFERENCES public.account (id) NOT VALID;

COMMIT;
