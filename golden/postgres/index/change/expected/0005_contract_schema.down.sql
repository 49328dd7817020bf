-- 0005_contract_schema.down.sql undoes 0005_contract_schema.up.sql.
-- Phase contract.
--
-- Takes back what the up file did for:
-- * Relation public.users_email_idx is built anew.
--
-- Transaction: one; the file takes effect as a whole or not at all.
-- Locks:
--   public.users_email_idx  SHARE UPDATE EXCLUSIVE  reads and writes go on, VACUUM and DDL wait; brief
-- Time limits: lock_timeout 2s, statement_timeout 10s.
-- If it fails: everything is rolled back; run the file again. After a lock timeout (55P03) look for who holds
--              the lock first.
-- Truth label: exact; the schema and the rows that were there are as they were before the up file.

BEGIN;
SET LOCAL lock_timeout = '2s';
SET LOCAL statement_timeout = '10s';

-- The name is free for the old index.
ALTER INDEX public.users_email_idx RENAME TO users_email_idx_underpin_new;

COMMIT;
