-- 0001_expand_schema.up.sql
-- Phase expand: New objects are made beside the old ones. For the old application, unchanged.
--
-- * Column degrees of public.readings changes from double precision to integer.
--   The server would write the table anew under a lock that shuts out all others; so a second column is
--   filled beside the first and takes its place in one short transaction. From the first file on a value that
--   the new type does not take is refused, from the old application too; until the contract phase the new
--   column takes only what the old type can hold.
--
-- Transaction: one; the file takes effect as a whole or not at all.
-- Locks:
--   public.readings  ACCESS EXCLUSIVE  reads and writes wait; brief
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
ALTER TABLE public.readings ADD COLUMN degrees_underpin_new integer;

-- Function public.readings_degrees_underpin_sync() is created.
CREATE FUNCTION public.readings_degrees_underpin_sync() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
BEGIN
    NEW.degrees_underpin_new := (SELECT (readings.degrees::integer) FROM (SELECT NEW.*) AS readings);
    RETURN NEW;
END
$$;

-- Trigger zzz_underpin_degrees of public.readings is created.
CREATE TRIGGER zzz_underpin_degrees
    BEFORE INSERT OR UPDATE ON public.readings
    FOR EACH ROW
    EXECUTE FUNCTION public.readings_degrees_underpin_sync();

-- Trigger zzz_underpin_degrees of public.readings fires, also for what replication writes.
ALTER TABLE public.readings ENABLE ALWAYS TRIGGER zzz_underpin_degrees;

COMMIT;
