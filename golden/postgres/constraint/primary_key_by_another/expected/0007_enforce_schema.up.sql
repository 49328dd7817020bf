-- 0007_enforce_schema.up.sql
-- Phase enforce: What is new becomes binding. For the new application; the old one where a sync trigger still
-- bridges.
--
-- * Constraint account_id_key of public.account is added.
-- * Constraint account_by_code of public.account is added.
--   Its index is built while writers go on, and then becomes the constraint's.
--
-- Transaction: one; the file takes effect as a whole or not at all.
-- Locks:
--   public.account          ACCESS EXCLUSIVE        reads and writes wait; brief
--   public.account_by_code  SHARE                   writes wait, reads go on; brief
--   public.account_id_key   SHARE UPDATE EXCLUSIVE  reads and writes go on, VACUUM and DDL wait; brief
--   public.account_pkey     ACCESS EXCLUSIVE        reads and writes wait; brief
--   public.entry            ACCESS EXCLUSIVE        reads and writes wait; brief
-- Time limits: lock_timeout 500ms, statement_timeout 3s.
-- If it fails: everything is rolled back; run the file again. After a lock timeout (55P03) look for who holds
--              the lock first.
-- Undone by: 0007_enforce_schema.down.sql (exact).

BEGIN;
SET LOCAL lock_timeout = '500ms';
SET LOCAL statement_timeout = '3s';

-- The index becomes that of constraint account_id_key of public.account.
ALTER TABLE public.account ADD CONSTRAINT account_id_key UNIQUE USING INDEX account_id_key;

-- The referenced table is locked first, as running checks do, so that no deadlock comes of it.
LOCK TABLE public.account, public.entry IN ACCESS EXCLUSIVE MODE;

-- It goes by what goes.
ALTER TABLE public.entry DROP CONSTRAINT entry_account_fkey;

-- Constraint account_pkey of public.account is dropped.
ALTER TABLE public.account DROP CONSTRAINT account_pkey;

-- The index becomes that of constraint account_by_code of public.account.
ALTER TABLE public.account ADD CONSTRAINT account_by_code PRIMARY KEY USING INDEX account_by_code;

-- Replication goes by this index.
ALTER TABLE public.account REPLICA IDENTITY USING INDEX account_by_code;

-- It goes by another key or index from now on.
ALTER TABLE public.entry ADD CONSTRAINT entry_account_fkey FOREIGN KEY (account) REFERENCES public.account (id) NOT VALID;

COMMIT;
