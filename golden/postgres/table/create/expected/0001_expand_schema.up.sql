-- 0001_expand_schema.up.sql
-- Phase expand: New objects are made beside the old ones. For the old application, unchanged.
--
-- * Relation public.sessions is created.
--   Nothing uses it yet, so a plain CREATE is safe.
-- * Constraint sessions_user_id_fkey of public.sessions is added.
--   The table is new, so there are no rows to check.
-- * Relation public.sessions_user_id_idx is created.
--   The table is new or small, so that the build is over before anybody waits.
--
-- Transaction: one; the file takes effect as a whole or not at all.
-- Locks:
--   public.users  SHARE ROW EXCLUSIVE  writes wait, reads go on; brief
-- Time limits: lock_timeout 2s, statement_timeout 10s.
-- If it fails: everything is rolled back; run the file again. After a lock timeout (55P03) look for who holds
--              the lock first.
-- Undone by: 0001_expand_schema.down.sql (exact).

BEGIN;
SET LOCAL lock_timeout = '2s';
SET LOCAL statement_timeout = '10s';

-- Relation public.sessions is created.
CREATE TABLE public.sessions (
    id uuid DEFAULT gen_random_uuid() NOT NULL,
    user_id bigint NOT NULL,
    started_at timestamp with time zone DEFAULT now() NOT NULL,
    ended_at timestamp with time zone,
    CONSTRAINT sessions_end_check CHECK ((ended_at >= started_at)),
    CONSTRAINT sessions_pkey PRIMARY KEY (id)
);

-- Relation public.sessions is described.
COMMENT ON TABLE public.sessions IS 'Who is here';

-- Constraint sessions_user_id_fkey of public.sessions is created.
ALTER TABLE public.sessions ADD CONSTRAINT sessions_user_id_fkey FOREIGN KEY (user_id) REFERENCES public.users (id) ON DELETE CASCADE;

-- Relation public.sessions_user_id_idx is created.
CREATE INDEX sessions_user_id_idx ON public.sessions (user_id);

COMMIT;
