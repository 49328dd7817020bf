-- 0002_contract_schema.up.sql
-- Phase contract: What is old goes. For the new application.
--
-- * Relation public.users is renamed to members.
--   The rows stay where they are; a view under the old name serves the old application until it is gone.
--
-- Transaction: one; the file takes effect as a whole or not at all.
-- Locks:
--   public.users  ACCESS EXCLUSIVE  reads and writes wait; brief
-- Time limits: lock_timeout 2s, statement_timeout 10s.
-- If it fails: everything is rolled back; run the file again. After a lock timeout (55P03) look for who holds
--              the lock first.
-- Undone by: 0002_contract_schema.down.sql (exact).

BEGIN;
SET LOCAL lock_timeout = '2s';
SET LOCAL statement_timeout = '10s';

-- The old name of members goes.
DROP VIEW public.users;

COMMIT;
