-- 0001_expand_schema.down.sql undoes 0001_expand_schema.up.sql.
-- Phase expand.
--
-- Takes back what the up file did for:
-- * Relation public.users is renamed to members.
-- * Constraint users_pkey of public.members is renamed to members_pkey.
-- * The not-null constraint of column id of public.members changes.
-- * The not-null constraint of column email of public.members changes.
--
-- Transaction: one; the file takes effect as a whole or not at all.
-- Locks:
--   public.members       ACCESS EXCLUSIVE        reads and writes wait; brief
--   public.members_pkey  SHARE UPDATE EXCLUSIVE  reads and writes go on, VACUUM and DDL wait; brief
--   public.users         ACCESS EXCLUSIVE        reads and writes wait; brief
-- Time limits: lock_timeout 500ms, statement_timeout 3s.
-- If it fails: everything is rolled back; run the file again. After a lock timeout (55P03) look for who holds
--              the lock first.
-- Truth label: exact; the schema and the rows that were there are as they were before the up file.

BEGIN;
SET LOCAL lock_timeout = '500ms';
SET LOCAL statement_timeout = '3s';

-- The constraint takes its new name.
ALTER TABLE public.members RENAME CONSTRAINT members_email_not_null TO users_email_not_null;

-- The constraint takes its new name.
ALTER TABLE public.members RENAME CONSTRAINT members_id_not_null TO users_id_not_null;

-- Constraint members_pkey of public.members becomes users_pkey.
ALTER TABLE public.members RENAME CONSTRAINT members_pkey TO users_pkey;

-- The old name of members goes.
DROP VIEW public.users;

-- Relation public.members becomes users.
ALTER TABLE public.members RENAME TO users;

COMMIT;
