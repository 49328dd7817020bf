-- 0005_enforce_schema.up.sql
-- Phase enforce: What is new becomes binding. For the new application; the old one where a sync trigger still
-- bridges.
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
-- Undone by: 0005_enforce_schema.down.sql (exact).

BEGIN;
SET LOCAL lock_timeout = '2s';
SET LOCAL statement_timeout = '10s';
-- Bodies may name what is made later; the check would refuse them.
SET LOCAL check_function_bodies = off;

-- All tables at once, so that the short lock is waited for once.
LOCK TABLE public.readings IN ACCESS EXCLUSIVE MODE;

-- Column degrees of public.readings becomes degrees_underpin_old.
ALTER TABLE public.readings RENAME COLUMN degrees TO degrees_underpin_old;

-- Column degrees_underpin_new of public.readings becomes degrees.
ALTER TABLE public.readings RENAME COLUMN degrees_underpin_new TO degrees;

-- The columns have changed their names: values flow the other way.
CREATE OR REPLACE FUNCTION public.readings_degrees_underpin_sync() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
BEGIN
    NEW.degrees_underpin_old := (SELECT (readings.degrees::double precision) FROM (SELECT NEW.*) AS readings);
    RETURN NEW;
END
$$;

COMMIT;
