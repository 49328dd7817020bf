-- 0022_contract_schema.down.sql undoes 0022_contract_schema.up.sql.
-- Phase contract.
--
-- Takes back what the up file did for:
-- * Column id of public.event changes from integer to bigint.
--
-- Transaction: one; the file takes effect as a whole or not at all.
-- Locks:
--   public.event       ACCESS EXCLUSIVE  reads and writes wait; brief
--   public.event_2024  ACCESS EXCLUSIVE  reads and writes wait; brief
-- Time limits: lock_timeout 500ms, statement_timeout 3s.
-- If it fails: everything is rolled back; run the file again. After a lock timeout (55P03) look for who holds
--              the lock first.
-- Truth label: exact; the schema and the rows that were there are as they were before the up file.

BEGIN;
SET LOCAL lock_timeout = '500ms';
SET LOCAL statement_timeout = '3s';
-- Bodies may name what is made later; the check would refuse them.
SET LOCAL check_function_bodies = off;

-- Without a default: a value in it says who wrote the row.
ALTER TABLE public.event ADD COLUMN id_underpin_old integer;

-- Function public.event_id_underpin_sync() is created.
CREATE FUNCTION public.event_id_underpin_sync() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
BEGIN
    NEW.id_underpin_old := (SELECT (event.id::integer) FROM (SELECT NEW.*) AS event);
    RETURN NEW;
END
$$;

-- Trigger zzz_underpin_id of public.event is created.
CREATE TRIGGER zzz_underpin_id
    BEFORE INSERT OR UPDATE ON public.event
    FOR EACH ROW
    EXECUTE FUNCTION public.event_id_underpin_sync();

-- Trigger zzz_underpin_id of public.event fires, also for what replication writes.
ALTER TABLE public.event ENABLE ALWAYS TRIGGER zzz_underpin_id;

COMMIT;
