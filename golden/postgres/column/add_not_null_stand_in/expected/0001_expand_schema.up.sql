-- 0001_expand_schema.up.sql
-- Phase expand: New objects are made beside the old ones. For the old application, unchanged.
--
-- * Column country of public.users is added.
--   Nothing says what old rows hold, so they get a neutral value of the type; a backfill directive says
--   better.
--
-- Transaction: one; the file takes effect as a whole or not at all.
-- Locks:
--   public.users  ACCESS EXCLUSIVE  reads and writes wait; brief
-- Time limits: lock_timeout 2s, statement_timeout 10s.
-- If it fails: everything is rolled back; run the file again. After a lock timeout (55P03) look for who holds
--              the lock first.
-- Undone by: 0001_expand_schema.down.sql (exact).

BEGIN;
SET LOCAL lock_timeout = '2s';
SET LOCAL statement_timeout = '10s';
-- Bodies may name what is made later; the check would refuse them.
SET LOCAL check_function_bodies = off;

-- Column country of public.users is added.
ALTER TABLE public.users ADD COLUMN country text;

-- What the old application does not write is filled in by this function.
CREATE FUNCTION public.users_country_underpin_sync() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
BEGIN
    IF NEW.country IS NULL THEN
        NEW.country := ''::text;
    END IF;
    RETURN NEW;
END
$$;

-- It runs for every row that is written, after all other triggers.
CREATE TRIGGER zzz_users_country_underpin_sync
    BEFORE INSERT ON public.users
    FOR EACH ROW
    EXECUTE FUNCTION public.users_country_underpin_sync();

-- Rows that replication writes are filled in too.
ALTER TABLE public.users ENABLE ALWAYS TRIGGER zzz_users_country_underpin_sync;

COMMIT;
