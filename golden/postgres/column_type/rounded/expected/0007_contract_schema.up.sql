-- 0007_contract_schema.up.sql
-- Phase contract: What is old goes. For the new application.
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
-- Undone by: 0007_contract_schema.down.sql (loses data: what the conversion of column degrees of
--            public.readings did not keep: its old values are computed from the new ones).

BEGIN;
SET LOCAL lock_timeout = '2s';
SET LOCAL statement_timeout = '10s';

-- Trigger zzz_underpin_degrees of public.readings goes.
DROP TRIGGER zzz_underpin_degrees ON public.readings;

-- Function public.readings_degrees_underpin_sync() goes.
DROP FUNCTION public.readings_degrees_underpin_sync();

-- Column degrees_underpin_old of public.readings goes with all that is on it.
ALTER TABLE public.readings DROP COLUMN degrees_underpin_old;

COMMIT;
