-- 0005_enforce_schema.down.sql undoes 0005_enforce_schema.up.sql.
-- Phase enforce.
--
-- Takes back what the up file did for:
-- * Constraint users_email_key of public.users is added.
--
-- Transaction: one; the file takes effect as a whole or not at all.
-- Locks:
--   public.users            ACCESS EXCLUSIVE  reads and writes wait; all rows are read
--   public.users_email_key  ACCESS EXCLUSIVE  reads and writes wait; brief
-- Hazard: public.users (ACCESS EXCLUSIVE) stays locked while this file reads or writes rows; run it when
--         those who read and write can wait.
-- Time limits: lock_timeout 500ms, statement_timeout 3s, none for what reads or writes rows.
-- If it fails: everything is rolled back; run the file again. After a lock timeout (55P03) look for who holds
--              the lock first.
-- Truth label: exact; the schema and the rows that were there are as they were before the up file.

BEGIN;
SET LOCAL lock_timeout = '500ms';
SET LOCAL statement_timeout = '3s';

-- Constraint users_email_key of public.users is dropped.
ALTER TABLE public.users DROP CONSTRAINT users_email_key;

SET LOCAL statement_timeout = 0;
-- The index stands by itself again.
CREATE UNIQUE INDEX users_email_key ON public.users (email);

COMMIT;
