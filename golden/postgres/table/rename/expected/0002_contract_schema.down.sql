-- 0002_contract_schema.down.sql undoes 0002_contract_schema.up.sql.
-- Phase contract.
--
-- Takes back what the up file did for:
-- * Relation public.users is renamed to members.
--
-- Transaction: one; the file takes effect as a whole or not at all.
-- Locks:
--   public.members  ACCESS SHARE  reads and writes go on; brief
-- Time limits: lock_timeout 2s, statement_timeout 10s.
-- If it fails: everything is rolled back; run the file again. After a lock timeout (55P03) look for who holds
--              the lock first.
-- Truth label: exact; the schema and the rows that were there are as they were before the up file.

BEGIN;
SET LOCAL lock_timeout = '2s';
SET LOCAL statement_timeout = '10s';

-- Relation public.users is created.
CREATE VIEW public.users (id, email) WITH (security_invoker = true) AS
SELECT members.id, members.email FROM public.members;

COMMIT;
