-- 0005_enforce_schema.down.sql undoes 0005_enforce_schema.up.sql.
-- Phase enforce.
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
-- Truth label: exact; the schema and the rows that were there are as they were before the up file.

BEGIN;
SET LOCAL lock_timeout = '2s';
SET LOCAL statement_timeout = '10s';
-- Bodies may name what is made later; the check would refuse them.
SET LOCAL check_function_bodies = off;

-- All tables at once, so that the short lock is waited for once.
LOCK TABLE public.readings IN ACCESS EXCLUSIVE MODE;

-- Column degrees of public.readings becomes degrees_underpin_new.
ALTER TABLE public.readings RENAME COLUMN degrees TO degrees_underpin_new;

-- Column degrees_underpin_old of public.readings becomes degrees.
ALTER TABLE public.readings RENAME COLUMN degrees_underpin_old TO degrees;

-- The columns have changed their names: values flow the other way.
CREATE OR REPLACE FUNCTION public.readings_degrees_underpin_sync() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
BEGIN
    NEW.degrees_underpin_new := (SELECT (readings.degrees::integer) FROM (SELECT NEW.*) AS readings);
    RETURN NEW;
END
$$;

COMMIT;
