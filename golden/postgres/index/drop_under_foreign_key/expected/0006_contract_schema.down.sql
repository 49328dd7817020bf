-- 0006_contract_schema.down.sql undoes 0006_contract_schema.up.sql.
-- Phase contract.
--
-- Takes back what the up file did for:
-- * Relation public.account_by_id is dropped.
--
-- Transaction: one; the file takes effect as a whole or not at all.
-- Locks:
--   public.account  ACCESS EXCLUSIVE  reads and writes wait; all rows are read
--   public.entry    ACCESS EXCLUSIVE  reads and writes wait; all rows are read
-- Hazard: public.account (ACCESS EXCLUSIVE), public.entry (ACCESS EXCLUSIVE) stay locked while this file
--         reads or writes rows; run it when those who read and write can wait.
-- Time limits: lock_timeout 500ms, statement_timeout 3s, none for what reads or writes rows.
-- If it fails: everything is rolled back; run the file again. After a lock timeout (55P03) look for who holds
--              the lock first.
-- Truth label: exact; the schema and the rows that were there are as they were before the up file.

BEGIN;
SET LOCAL lock_timeout = '500ms';
SET LOCAL statement_timeout = '3s';

-- The referenced table is locked first, as running checks do, so that no deadlock comes of it.
LOCK TABLE public.account, public.entry IN ACCESS EXCLUSIVE MODE;

-- It goes by what goes.
ALTER TABLE public.entry DROP CONSTRAINT entry_account_fkey;

SET LOCAL statement_timeout = 0;
-- Relation public.account_by_id is created.
CREATE UNIQUE INDEX account_by_id ON public.account (id);

-- It goes by the old key or index again.
ALTER TABLE public.entry ADD CONSTRAINT entry_account_fkey FOREIGN KEY (account) REFERENCES public.account (id);

COMMIT;
