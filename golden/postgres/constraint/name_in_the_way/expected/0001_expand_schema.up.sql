-- 0001_expand_schema.up.sql
-- Phase expand: New objects are made beside the old ones. For the old application, unchanged.
--
-- * Constraint members_contact_not_null of public.members is renamed to members_email_not_null_underpin_old.
--   Its name is needed for what comes before it goes.
-- * Column email of public.members is dropped.
--   The old application uses it until the new one is deployed, so it goes last.
-- * Column contact of public.members is added.
--   The catalog keeps the value of old rows, so no row is touched.
-- * Constraint unique_email of public.members is renamed to unique_email_underpin_old.
--   Its name is needed for what comes before it goes.
--
-- Transaction: one; the file takes effect as a whole or not at all.
-- Locks:
--   public.members                    ACCESS EXCLUSIVE        reads and writes wait; brief
--   public.unique_email_underpin_old  SHARE UPDATE EXCLUSIVE  reads and writes go on, VACUUM and DDL wait; brief
-- Time limits: lock_timeout 500ms, statement_timeout 3s.
-- If it fails: everything is rolled back; run the file again. After a lock timeout (55P03) look for who holds
--              the lock first.
-- Undone by: 0001_expand_schema.down.sql (exact).

BEGIN;
SET LOCAL lock_timeout = '500ms';
SET LOCAL statement_timeout = '3s';

-- The constraint takes its new name.
ALTER TABLE public.members RENAME CONSTRAINT members_contact_not_null TO members_email_not_null_underpin_old;

-- Column email of public.members may be null.
ALTER TABLE public.members ALTER COLUMN email DROP NOT NULL;

-- Column contact of public.members is added.
ALTER TABLE public.members ADD COLUMN contact text DEFAULT ''::text NOT NULL;

-- Constraint unique_email of public.members becomes unique_email_underpin_old.
ALTER TABLE public.members RENAME CONSTRAINT unique_email TO unique_email_underpin_old;

COMMIT;
