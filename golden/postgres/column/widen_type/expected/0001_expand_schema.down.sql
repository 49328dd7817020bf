-- 0001_expand_schema.down.sql undoes 0001_expand_schema.up.sql.
-- Phase expand.
--
-- Takes back what the up file did for:
-- * Column email of public.users changes from character varying(40) to character varying(80).
--
-- Transaction: one; the file takes effect as a whole or not at all.
-- Locks:
--   public.users       ACCESS EXCLUSIVE  reads and writes wait; all rows and indexes are written anew
--   public.users_pkey  ACCESS EXCLUSIVE  reads and writes wait; brief
-- Hazard: public.users (ACCESS EXCLUSIVE) stays locked while this file reads or writes rows; run it when
--         those who read and write can wait.
-- Time limits: lock_timeout 500ms, no statement_timeout, since the time depends on the number of rows.
-- If it fails: everything is rolled back; run the file again. After a lock timeout (55P03) look for who holds
--              the lock first.
-- Truth label: exact; the schema and the rows that were there are as they were before the up file.

BEGIN;
SET LOCAL lock_timeout = '500ms';
SET LOCAL statement_timeout = 0;

-- Column email of public.users becomes character varying(40).
ALTER TABLE public.users ALTER COLUMN email TYPE character varying(40);

COMMIT;
