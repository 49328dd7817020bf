-- 0007_contract_schema.down.sql undoes 0007_contract_schema.up.sql.
-- Phase contract.
--
-- Takes back what the up file did for:
-- * Column degrees of public.readings changes from double precision to integer.
--
-- Transaction: one; the file takes effect as a whole or not at all.
-- Locks:
--   public.readings  ACCESS EXCLUSIVE  reads and writes wait; brief
-- Time limits: lock_timeout 2s, statement_timeout 10s.
-- If it fails: everything is rolled back; run the file again. After a lock timeout (55P03) look for who holds
--              the lock first.
-- Truth label: loses data: what the conversion of column degrees of public.readings did not keep: its old
--              values are computed from the new ones. The shape comes back, those values do not.

BEGIN;
SET LOCAL lock_timeout = '2s';
SET LOCAL statement_timeout = '10s';
-- Bodies may name what is made later; the check would refuse them.
SET LOCAL check_function_bodies = off;

-- Without a default: a value in it says who wrote the row.
ALTER TABLE public.readings ADD COLUMN degrees_underpin_old double precision;

-- Function public.readings_degrees_underpin_sync() is created.
CREATE FUNCTION public.readings_degrees_underpin_sync() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
BEGIN
    NEW.degrees_underpin_old := (SELECT (readings.degrees::double precision) FROM (SELECT NEW.*) AS readings);
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
