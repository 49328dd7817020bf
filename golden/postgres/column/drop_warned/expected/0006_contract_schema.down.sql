-- 0006_contract_schema.down.sql undoes 0006_contract_schema.up.sql.
-- Phase contract.
--
-- Takes back what the up file did for:
-- * Column mail of public.users is dropped.
-- * Column email of public.users is added.
--
-- Transaction: one; the file takes effect as a whole or not at all.
-- Locks:
--   public.users  ACCESS EXCLUSIVE  reads and writes wait; brief
-- Time limits: lock_timeout 2s, statement_timeout 10s.
-- If it fails: everything is rolled back; run the file again. After a lock timeout (55P03) look for who holds
--              the lock first.
-- Truth label: loses data: the values of column mail of public.users; rows get a placeholder. The shape comes
--              back, those values do not.

BEGIN;
SET LOCAL lock_timeout = '2s';
SET LOCAL statement_timeout = '10s';
-- Bodies may name what is made later; the check would refuse them.
SET LOCAL check_function_bodies = off;

-- What the old application does not write is filled in by this function.
CREATE FUNCTION public.users_email_underpin_sync() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
BEGIN
    IF NEW.email IS NULL THEN
        NEW.email := ''::text;
    END IF;
    RETURN NEW;
END
$$;

-- It runs for every row that is written, after all other triggers.
CREATE TRIGGER zzz_users_email_underpin_sync
    BEFORE INSERT ON public.users
    FOR EACH ROW
    EXECUTE FUNCTION public.users_email_underpin_sync();

-- Rows that replication writes are filled in too.
ALTER TABLE public.users ENABLE ALWAYS TRIGGER zzz_users_email_underpin_sync;

-- Column mail of public.users is added.
ALTER TABLE public.users ADD COLUMN mail text DEFAULT ''::text;

-- The placeholder was for rows that exist.
ALTER TABLE public.users ALTER COLUMN mail DROP DEFAULT;

COMMIT;
