-- 0002_contract_schema.up.sql
-- Phase contract: What is old goes. For the new application.
--
-- * The privileges on relation public.users change.
--   What is granted comes first and what is revoked goes last, so that both applications may do their work.
--
-- Transaction: one; the file takes effect as a whole or not at all.
-- Locks:
--   public.users  ACCESS SHARE  reads and writes go on; brief
-- Time limits: lock_timeout 2s, statement_timeout 10s.
-- If it fails: everything is rolled back; run the file again. After a lock timeout (55P03) look for who holds
--              the lock first.
-- Undone by: 0002_contract_schema.down.sql (exact).

BEGIN;
SET LOCAL lock_timeout = '2s';
SET LOCAL statement_timeout = '10s';

-- Revoked on relation public.users.
REVOKE INSERT ON TABLE public.users FROM app;

COMMIT;
