-- 0002_expand_schema.up.sql
-- Phase expand: New objects are made beside the old ones. For the old application, unchanged.
--
-- * Column name of public.users changes from character varying(40) to text.
--   The server stores the values of both types alike: only its catalog changes.
--
-- Transaction: one; the file takes effect as a whole or not at all.
-- Locks:
--   public.users  SHARE UPDATE EXCLUSIVE  reads and writes go on, VACUUM and DDL wait; all rows are read
-- Time limits: lock_timeout 2s, statement_timeout 10s, none for what reads or writes rows.
-- If it fails: everything is rolled back; run the file again. After a lock timeout (55P03) look for who holds
--              the lock first.
-- Undone by: 0002_expand_schema.down.sql (exact).

BEGIN;
SET LOCAL lock_timeout = '2s';
SET LOCAL statement_timeout = 0;

-- The rows are known to satisfy users_name_check; the server is told so.
ALTER TABLE public.users VALIDATE CONSTRAINT users_name_check;

SET LOCAL statement_timeout = '10s';
-- The server forgets what it knew of the column's values when its type changes.
ANALYZE public.users (name);

COMMIT;
