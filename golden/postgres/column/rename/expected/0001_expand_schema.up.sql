-- 0001_expand_schema.up.sql
-- Phase expand: New objects are made beside the old ones. For the old application, unchanged.
--
-- * Column name of public.users is renamed to full_name.
--   The old application knows the old name and the new one the new name: both are written until the old one
--   is gone, and a trigger keeps them equal.
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

-- Without a default: a value in it says who wrote the row.
ALTER TABLE public.users ADD COLUMN full_name text;

-- Function public.users_full_name_underpin_sync() is created.
CREATE FUNCTION public.users_full_name_underpin_sync() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
BEGIN
    IF TG_OP = 'INSERT' THEN
        IF NEW.full_name IS NOT NULL THEN
            NEW.name := NEW.full_name;
        ELSE
            NEW.full_name := NEW.name;
        END IF;
    ELSIF NEW.full_name IS DISTINCT FROM OLD.full_name AND NEW.name IS NOT DISTINCT FROM OLD.name THEN
        NEW.name := NEW.full_name;
    ELSE
        NEW.full_name := NEW.name;
    END IF;
    RETURN NEW;
END
$$;

-- Trigger zzz_underpin_full_name of public.users is created.
CREATE TRIGGER zzz_underpin_full_name
    BEFORE INSERT OR UPDATE ON public.users
    FOR EACH ROW
    EXECUTE FUNCTION public.users_full_name_underpin_sync();

-- Trigger zzz_underpin_full_name of public.users fires, also for what replication writes.
ALTER TABLE public.users ENABLE ALWAYS TRIGGER zzz_underpin_full_name;

COMMIT;
