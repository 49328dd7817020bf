-- 0001_contract_schema.up.sql
-- Phase contract: What is old goes. For the new application.
--
-- * Column price of public.prices is dropped.
--   The old application uses it until the new one is deployed, so it goes last.
-- * Type public.cents is dropped with its functions.
--   The old application may use it until the new one is deployed, so it goes last.
--
-- Transaction: one; the file takes effect as a whole or not at all.
-- Locks:
--   public.prices  ACCESS EXCLUSIVE  reads and writes wait; brief
-- Time limits: lock_timeout 2s, statement_timeout 10s.
-- If it fails: everything is rolled back; run the file again. After a lock timeout (55P03) look for who holds
--              the lock first.
-- Undone by: 0001_contract_schema.down.sql (loses data: the values of column price of public.prices).

BEGIN;
SET LOCAL lock_timeout = '2s';
SET LOCAL statement_timeout = '10s';

-- Column price of public.prices is dropped.
ALTER TABLE public.prices DROP COLUMN price;

-- Nothing but its own functions uses type public.cents.
DO $$
BEGIN
    IF EXISTS (
        SELECT FROM pg_catalog.pg_depend
        WHERE deptype = 'n' AND (refclassid = 'pg_catalog.pg_type'::regclass AND refobjid IN (SELECT unnest(ARRAY[t.oid, t.typarray, r.rngmultitypid]) FROM pg_catalog.pg_type t LEFT JOIN pg_catalog.pg_range r ON r.rngtypid = t.oid WHERE t.oid = to_regtype('public.cents')) OR refclassid = 'pg_catalog.pg_proc'::regclass AND refobjid = ANY (ARRAY[to_regprocedure('public.cents_in(cstring)'), to_regprocedure('public.cents_out(public.cents)')]::oid[])) AND NOT (classid = 'pg_catalog.pg_proc'::regclass AND objid = ANY (ARRAY[to_regprocedure('public.cents_in(cstring)'), to_regprocedure('public.cents_out(public.cents)')]::oid[])) AND NOT (classid = 'pg_catalog.pg_type'::regclass AND objid = to_regtype('public.cents'))
    ) THEN
        RAISE EXCEPTION 'something that the plan does not know uses public.cents or its functions';
    END IF;
END
$$;

-- Type public.cents is dropped with its functions: no other DROP takes both.
DROP TYPE public.cents CASCADE;

COMMIT;
