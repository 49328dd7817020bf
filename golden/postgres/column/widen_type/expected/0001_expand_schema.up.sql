-- 0001_expand_schema.up.sql
-- Phase expand: New objects are made beside the old ones. For the old application, unchanged.
--
-- * Column email of public.users changes from character varying(40) to character varying(80).
--   The server stores the values of both types alike: only its catalog changes.
--
-- Transaction: one; the file takes effect as a whole or not at all.
-- Locks:
--   public.users       ACCESS EXCLUSIVE  reads and writes wait; brief
--   public.users_pkey  ACCESS EXCLUSIVE  reads and writes wait; brief
-- Time limits: lock_timeout 500ms, statement_timeout 3s.
-- If it fails: everything is rolled back; run the file again. After a lock timeout (55P03) look for who holds
--              the lock first.
-- Undone by: 0001_expand_schema.down.sql (exact).

BEGIN;
SET LOCAL lock_timeout = '500ms';
SET LOCAL statement_timeout = '3s';

-- Column email of public.users becomes character varying(80).
ALTER TABLE public.users ALTER COLUMN email TYPE character varying(80);

COMMIT;
