-- 0001_expand_schema.down.sql undoes 0001_expand_schema.up.sql.
-- Phase expand.
--
-- Takes back what the up file did for:
-- * Column email of public.users is no longer NOT NULL.
--
-- Transaction: one; the file takes effect as a whole or not at all.
-- Locks:
--   public.users  ACCESS EXCLUSIVE  reads and writes wait; all rows are read
-- Hazard: public.users (ACCESS EXCLUSIVE) stays locked while this file reads or writes rows; run it when
--         those who read and write can wait.
-- Time limits: lock_timeout 2s, no statement_timeout, since the time depends on the number of rows.
-- If it fails: everything is rolled back; run the file again. After a lock timeout (55P03) look for who holds
--              the lock first.
-- Truth label: exact; the schema and the rows that were there are as they were before the up file.

BEGIN;
SET LOCAL lock_timeout = '2s';
SET LOCAL statement_timeout = 0;

-- New rows have a value in column email of public.users.
ALTER TABLE public.users ADD CONSTRAINT users_email_not_null NOT NULL email;

COMMIT;
