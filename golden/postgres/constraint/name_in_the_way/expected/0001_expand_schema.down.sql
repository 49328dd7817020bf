-- 0001_expand_schema.down.sql undoes 0001_expand_schema.up.sql.
-- Phase expand.
--
-- Takes back what the up file did for:
-- * Constraint members_contact_not_null of public.members is renamed to members_email_not_null_underpin_old.
-- * Column email of public.members is dropped.
-- * Column contact of public.members is added.
-- * Constraint unique_email of public.members is renamed to unique_email_underpin_old.
--
-- Transaction: one; the file takes effect as a whole or not at all.
-- Locks:
--   public.members                    ACCESS EXCLUSIVE        reads and writes wait; all rows are read
--   public.unique_email_underpin_old  SHARE UPDATE EXCLUSIVE  reads and writes go on, VACUUM and DDL wait; brief
-- Hazard: public.members (ACCESS EXCLUSIVE) stays locked while this file reads or writes rows; run it when
--         those who read and write can wait.
-- Time limits: lock_timeout 500ms, statement_timeout 3s, none for what reads or writes rows.
-- If it fails: everything is rolled back; run the file again. After a lock timeout (55P03) look for who holds
--              the lock first.
-- Truth label: exact; the schema and the rows that were there are as they were before the up file.

BEGIN;
SET LOCAL lock_timeout = '500ms';
SET LOCAL statement_timeout = '3s';

-- Constraint unique_email_underpin_old of public.members becomes unique_email.
ALTER TABLE public.members RENAME CONSTRAINT unique_email_underpin_old TO unique_email;

-- Column contact of public.members is dropped.
ALTER TABLE public.members DROP COLUMN contact;

SET LOCAL statement_timeout = 0;
-- New rows have a value in column email of public.members.
ALTER TABLE public.members ADD CONSTRAINT members_email_not_null_underpin_old NOT NULL email;

SET LOCAL statement_timeout = '3s';
-- The constraint takes its new name.
ALTER TABLE public.members RENAME CONSTRAINT members_email_not_null_underpin_old TO members_contact_not_null;

COMMIT;
