-- 0001_expand_schema.up.sql
-- Phase expand: New objects are made beside the old ones. For the old application, unchanged.
--
-- * Column account of public.users is renamed to account_id.
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
ALTER TABLE public.users ADD COLUMN account_id bigint;

-- Function public.users_account_id_underpin_sync() is created.
CREATE FUNCTION public.users_account_id_underpin_sync() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
BEGIN
    IF TG_OP = 'INSERT' THEN
        IF NEW.account_id IS NOT NULL THEN
            NEW.account := NEW.account_id;
        ELSE
            NEW.account_id := NEW.account;
        END IF;
    ELSIF NEW.account_id IS DISTINCT FROM OLD.account_id AND NEW.account IS NOT DISTINCT FROM OLD.account THEN
        NEW.account := NEW.account_id;
    ELSE
        NEW.account_id := NEW.account;
    END IF;
    RETURN NEW;
END
$$;

-- Trigger zzz_underpin_account_id of public.users is created.
CREATE TRIGGER zzz_underpin_account_id
    BEFORE INSERT OR UPDATE ON public.users
    FOR EACH ROW
    EXECUTE FUNCTION public.users_account_id_underpin_sync();

-- Trigger zzz_underpin_account_id of public.users fires, also for what replication writes.
ALTER TABLE public.users ENABLE ALWAYS TRIGGER zzz_underpin_account_id;

COMMIT;
