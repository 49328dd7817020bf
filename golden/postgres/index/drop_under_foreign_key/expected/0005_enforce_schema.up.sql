-- 0005_enforce_schema.up.sql
-- Phase enforce: What is new becomes binding. For the new application; the old one where a sync trigger still
-- bridges.
--
-- * Constraint account_pkey of public.account is added.
--   Its index is built while writers go on, and then becomes the constraint's.
--
-- Transaction: one; the file takes effect as a whole or not at all.
-- Locks:
--   public.account       ACCESS EXCLUSIVE        reads and writes wait; brief
--   public.account_pkey  SHARE UPDATE EXCLUSIVE  reads and writes go on, VACUUM and DDL wait; brief
-- Time limits: lock_timeout 500ms, statement_timeout 3s.
-- If it fails: everything is rolled back; run the file again. After a lock timeout (55P03) look for who holds
--              the lock first.
-- Undone by: 0005_enforce_schema.down.sql (exact).

BEGIN;
SET LOCAL lock_timeout = '500ms';
SET LOCAL statement_timeout = '3s';

-- The index becomes that of constraint account_pkey of public.account.
ALTER TABLE public.account ADD CONSTRAINT account_pkey PRIMARY KEY USING INDEX account_pkey;

COMMIT;
