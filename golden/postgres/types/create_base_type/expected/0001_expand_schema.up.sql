-- 0001_expand_schema.up.sql
-- Phase expand: New objects are made beside the old ones. For the old application, unchanged.
--
-- * Type public.cents is created with its functions.
--   Its functions take and return it, so it is announced first; nothing uses it yet.
-- * Column price of public.prices is added.
--   The catalog keeps the value of old rows, so no row is touched.
--
-- Transaction: one; the file takes effect as a whole or not at all.
-- Locks:
--   public.prices  ACCESS EXCLUSIVE  reads and writes wait; brief
-- Time limits: lock_timeout 2s, statement_timeout 10s.
-- If it fails: everything is rolled back; run the file again. After a lock timeout (55P03) look for who holds
--              the lock first.
-- Undone by: 0001_expand_schema.down.sql (exact).

BEGIN;
SET LOCAL lock_timeout = '2s';
SET LOCAL statement_timeout = '10s';
-- Bodies may name what is made later; the check would refuse them.
SET LOCAL check_function_bodies = off;

-- Type public.cents is announced, so that its functions can name it.
CREATE TYPE public.cents;

-- Function public.cents_in(cstring) is created.
CREATE FUNCTION public.cents_in(cstring) RETURNS public.cents
    LANGUAGE internal
    IMMUTABLE STRICT
    AS $$int4in$$;

-- Function public.cents_out(cents) is created.
CREATE FUNCTION public.cents_out(public.cents) RETURNS cstring
    LANGUAGE internal
    IMMUTABLE STRICT
    AS $$int4out$$;

-- Type public.cents is created.
CREATE TYPE public.cents (
    ALIGNMENT = int4,
    INPUT = public.cents_in,
    INTERNALLENGTH = 4,
    OUTPUT = public.cents_out,
    PASSEDBYVALUE,
    STORAGE = plain
);

-- Column price of public.prices is added.
ALTER TABLE public.prices ADD COLUMN price public.cents;

COMMIT;
