-- 0001_expand_schema.up.sql
-- Phase expand: New objects are made beside the old ones. For the old application, unchanged.
--
-- * The privileges on relation public.users change.
-- * The privileges on column id of public.users change.
--   What is granted comes first and what is revoked goes last, so that both applications may do their work.
--
-- Transaction: one; the file takes effect as a whole or not at all.
-- Locks:
--   public.users  ACCESS SHARE  reads and writes go on; brief
-- Time limits: lock_timeout 2s, statement_timeout 10s.
-- If it fails: everything is rolled back; run the file again. After a lock timeout (55P03) look for who holds
--              the lock first.
-- Undone by: 0001_expand_schema.down.sql (exact).

BEGIN;
SET LOCAL lock_timeout = '2s';
SET LOCAL statement_timeout = '10s';

-- Granted on relation public.users.
GRANT UPDATE ON TABLE public.users TO app;

-- Granted on column id of public.users.
GRANT SELECT (id) ON TABLE public.users TO reporting;

COMMIT;
