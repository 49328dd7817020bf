-- 0003_expand_schema.up.sql
-- Phase expand: New objects are made beside the old ones. For the old application, unchanged.
--
-- Checked is:
-- * Column country of public.users changes from character varying(2) to character varying(3).
--   The server stores the values of both types alike: only its catalog changes.
--
-- Transaction: one; the file takes effect as a whole or not at all.
-- Locks:
--   public.users  SHARE UPDATE EXCLUSIVE  reads and writes go on, VACUUM and DDL wait; brief
-- Time limits: lock_timeout 2s, statement_timeout 10s.
-- If it fails: nothing was changed. The error names what does not hold; run again what should bring it about,
--              then this file.
-- Undone by: 0003_expand_schema.down.sql (exact).

BEGIN;
SET LOCAL lock_timeout = '2s';
SET LOCAL statement_timeout = '10s';

-- The server forgets what it knew of the column's values when its type changes.
ANALYZE public.users (country);

COMMIT;
