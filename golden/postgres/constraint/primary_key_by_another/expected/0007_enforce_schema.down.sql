-- 0007_enforce_schema.down.sql undoes 0007_enforce_schema.up.sql.
-- Phase enforce.
--
-- Takes back what the up file did for:
-- * Constraint account_id_key of public.account is added.
-- * Constraint account_by_code of public.account is added.
--
-- Transaction: one; the file takes effect as a whole or not at all.
-- Locks:
--   public.account          ACCESS EXCLUSIVE  reads and writes wait; all rows are read
--   public.account_by_code  ACCESS EXCLUSIVE  reads and writes wait; brief
--   public.account_id_key   ACCESS EXCLUSIVE  reads and writes wait; brief
--   public.entry            ACCESS EXCLUSIVE  reads and writes wait; all rows are read
-- Hazard: public.account (ACCESS EXCLUSIVE), public.entry (ACCESS EXCLUSIVE) stay locked while this file
--         reads or writes rows; run it when those who read and write can wait.
-- Time limits: lock_timeout 500ms, statement_timeout 3s, none for what reads or writes rows.
-- If it fails: everything is rolled back; run the file again. After a lock timeout (55P03) look for who holds
--              the lock first.
-- Truth label: exact; the schema and the rows that were there are as they were before the up file.

BEGIN;
SET LOCAL lock_timeout = '500ms';
SET LOCAL statement_timeout = '3s';

-- Constraint account_by_code of public.account is dropped.
ALTER TABLE public.account DROP CONSTRAINT account_by_code;

SET LOCAL statement_timeout = 0;
-- Constraint account_pkey of public.account is created.
ALTER TABLE public.account ADD CONSTRAINT account_pkey PRIMARY KEY (id);

SET LOCAL statement_timeout = '3s';
-- Replication goes by this index.
ALTER TABLE public.account REPLICA IDENTITY USING INDEX account_pkey;

SET LOCAL statement_timeout = 0;
-- The index stands by itself again.
CREATE UNIQUE INDEX account_by_code ON public.account (code);

SET LOCAL statement_timeout = '3s';
-- The referenced table is locked first, as running checks do, so that no deadlock comes of it.
LOCK TABLE public.account, public.entry IN ACCESS EXCLUSIVE MODE;

-- It goes by what goes.
ALTER TABLE public.entry DROP CONSTRAINT entry_account_fkey;

-- Constraint account_id_key of public.account is dropped.
ALTER TABLE public.account DROP CONSTRAINT account_id_key;

SET LOCAL statement_timeout = 0;
-- It goes by the old key or index again.
ALTER TABLE public.entry ADD CONSTRAINT entry_account_fkey FOREIGN KEY (account) REFERENCES public.account (id);

-- The index stands by itself again.
CREATE UNIQUE INDEX account_id_key ON public.account (id);

COMMIT;
