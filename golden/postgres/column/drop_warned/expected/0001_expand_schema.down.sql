-- 0001_expand_schema.down.sql undoes 0001_expand_schema.up.sql.
-- Phase expand.
--
-- Takes back what the up file did for:
-- * Column mail of public.users is dropped.
-- * Column email of public.users is added.
--
-- Transaction: one; the file takes effect as a whole or not at all.
-- Locks:
--   public.users  ACCESS EXCLUSIVE  reads and writes wait; all rows are read
-- Hazard: public.users (ACCESS EXCLUSIVE) stays locked while this file reads or writes rows; run it when
--         those who read and write can wait.
-- Time limits: lock_timeout 2s, statement_timeout 10s, none for what reads or writes rows.
-- If it fails: everything is rolled back; run the file again. After a lock timeout (55P03) look for who holds
--              the lock first.
-- Truth label: exact; the schema and the rows that were there are as they were before the up file.

BEGIN;
SET LOCAL lock_timeout = '2s';
SET LOCAL statement_timeout = '10s';

-- Nobody writes the old shape any more.
DROP TRIGGER zzz_users_email_underpin_sync ON public.users;

-- Its trigger is gone.
DROP FUNCTION public.users_email_underpin_sync();

-- Column email of public.users is dropped.
ALTER TABLE public.users DROP COLUMN email;

SET LOCAL statement_timeout = 0;
-- New rows have a value in column mail of public.users.
ALTER TABLE public.users ADD CONSTRAINT users_mail_not_null NOT NULL mail;

COMMIT;
