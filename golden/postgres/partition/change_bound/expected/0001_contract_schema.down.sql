-- 0001_contract_schema.down.sql undoes 0001_contract_schema.up.sql.
-- Phase contract.
--
-- Takes back what the up file did for:
-- * Relation public.events_2025 has another bound.
--
-- Transaction: one; the file takes effect as a whole or not at all.
-- Locks:
--   public.events_2025  ACCESS EXCLUSIVE  reads and writes wait; brief
-- Time limits: lock_timeout 2s, statement_timeout 10s.
-- If it fails: everything is rolled back; run the file again. After a lock timeout (55P03) look for who holds
--              the lock first.
-- Truth label: exact; the schema and the rows that were there are as they were before the up file.

BEGIN;
SET LOCAL lock_timeout = '2s';
SET LOCAL statement_timeout = '10s';

-- The bound says the same now.
ALTER TABLE public.events_2025 DROP CONSTRAINT events_2025_underpin_bound;

COMMIT;
