-- 0007_contract_schema.up.sql
-- Phase contract: What is old goes. For the new application.
--
-- * Column degrees of public.readings changes from double precision to integer.
--   The server would write the table anew under a lock that shuts out all others; so a second column is
--   filled beside the first and takes its place in one short transaction. Until the contract phase the new
--   column takes only what the old type can hold.
--
-- Transaction: one; the file takes effect as a whole or not at all.
-- Locks:
--   public.readings       ACCESS EXCLUSIVE  reads and writes wait; brief
--   public.readings_pkey  ACCESS EXCLUSIVE  reads and writes wait; brief
-- Time limits: lock_timeout 500ms, statement_timeout 3s.
-- If it fails: everything is rolled back; run the file again. After a lock timeout (55P03) look for who holds
--              the lock first.
-- Undone by: 0007_contract_schema.down.sql (loses data: what the conversion of column degrees of
--            public.readings did not keep: its old values are computed from the new ones).

BEGIN;
SET LOCAL lock_timeout = '500ms';
SET LOCAL statement_timeout = '3s';

-- Trigger zzz_underpin_degrees of public.readings goes.
DROP TRIGGER zzz_underpin_degrees ON public.readings;

-- Function public.readings_degrees_underpin_sync() goes.
DROP FUNCTION public.readings_degrees_underpin_sync();

-- Column degrees_underpin_old of public.readings goes with all that is on it.
ALTER TABLE public.readings DROP COLUMN degrees_underpin_old;

COMMIT;
