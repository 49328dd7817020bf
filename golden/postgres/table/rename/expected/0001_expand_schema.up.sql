-- 0001_expand_schema.up.sql
-- Phase expand: New objects are made beside the old ones. For the old application, unchanged.
--
-- * Relation public.users is renamed to members.
--   The rows stay where they are; a view under the old name serves the old application until it is gone.
-- * Constraint users_pkey of public.members is renamed to members_pkey.
--   Nothing but the name differs, so nothing is built anew.
-- * The not-null constraint of column id of public.members changes.
-- * The not-null constraint of column email of public.members changes.
--   PostgreSQL 18 keeps NOT NULL as a constraint with a name and a validity of its own.
--
-- Transaction: one; the file takes effect as a whole or not at all.
-- Locks:
--   public.members       ACCESS EXCLUSIVE        reads and writes wait; brief
--   public.members_pkey  SHARE UPDATE EXCLUSIVE  reads and writes go on, VACUUM and DDL wait; brief
--   public.users         ACCESS EXCLUSIVE        reads and writes wait; brief
-- Time limits: lock_timeout 500ms, statement_timeout 3s.
-- If it fails: everything is rolled back; run the file again. After a lock timeout (55P03) look for who holds
--              the lock first.
-- Undone by: 0001_expand_schema.down.sql (exact).

BEGIN;
SET LOCAL lock_timeout = '500ms';
SET LOCAL statement_timeout = '3s';

-- Relation public.users becomes members.
ALTER TABLE public.users RENAME TO members;

-- Relation public.users is created.
CREATE VIEW public.users (id, email) WITH (security_invoker = true) AS
SELECT members.id, members.email FROM public.members;

-- Constraint users_pkey of public.members becomes members_pkey.
ALTER TABLE public.members RENAME CONSTRAINT users_pkey TO members_pkey;

-- The constraint takes its new name.
ALTER TABLE public.members RENAME CONSTRAINT users_id_not_null TO members_id_not_null;

-- The constraint takes its new name.
ALTER TABLE public.members RENAME CONSTRAINT users_email_not_null TO members_email_not_null;

COMMIT;
