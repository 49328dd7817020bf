-- 0005_contract_schema.up.sql
-- Phase contract: What is old goes. For the new application.
--
-- * Relation public.users_email_idx is built anew.
--   The new index is built beside the old one, so that there is one at any time.
--
-- Transaction: one; the file takes effect as a whole or not at all.
-- Locks:
--   public.users_email_idx  SHARE UPDATE EXCLUSIVE  reads and writes go on, VACUUM and DDL wait; brief
-- Time limits: lock_timeout 2s, statement_timeout 10s.
-- If it fails: everything is rolled back; run the file again. After a lock timeout (55P03) look for who holds
--              the lock first.
-- Undone by: 0005_contract_schema.down.sql (exact).

BEGIN;
SET LOCAL lock_timeout = '2s';
SET LOCAL statement_timeout = '10s';

-- The new index takes the name of the old one.
ALTER INDEX public.users_email_idx_underpin_new RENAME TO users_email_idx;

COMMIT;
