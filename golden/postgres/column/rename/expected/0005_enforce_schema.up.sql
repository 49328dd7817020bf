-- 0005_enforce_schema.up.sql
-- Phase enforce: What is new becomes binding. For the new application; the old one where a sync trigger still
-- bridges.
--
-- * Column name of public.users is renamed to full_name.
--   The old application knows the old name and the new one the new name: both are written until the old one
--   is gone, and a trigger keeps them equal.
--
-- Transaction: one; the file takes effect as a whole or not at all.
-- Locks:
--   public.users  SHARE UPDATE EXCLUSIVE  reads and writes go on, VACUUM and DDL wait; all rows are read
-- Time limits: lock_timeout 2s, statement_timeout 10s, none for what reads or writes rows.
-- If it fails: everything is rolled back; run the file again. After a lock timeout (55P03) look for who holds
--              the lock first.
-- Undone by: 0005_enforce_schema.down.sql (exact).

BEGIN;
SET LOCAL lock_timeout = '2s';
SET LOCAL statement_timeout = 0;

-- No row has a null in full_name.
ALTER TABLE public.users VALIDATE CONSTRAINT users_full_name_underpin_not_null;

-- Both columns agree in every row.
DO $$
BEGIN
    IF EXISTS (
        SELECT FROM public.users
        WHERE full_name IS DISTINCT FROM (users.name)
    ) THEN
        RAISE EXCEPTION 'public.users has rows without their value in full_name';
    END IF;
END
$$;

SET LOCAL statement_timeout = '10s';
-- The server learns the new values before they are asked for.
ANALYZE public.users (full_name);

COMMIT;
