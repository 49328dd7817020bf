-- 0007_contract_schema.down.sql undoes 0007_contract_schema.up.sql.
-- Phase contract.
--
-- Takes back what the up file did for:
-- * Constraint unique_email_underpin_old of public.members is dropped.
-- * Column email of public.members is dropped.
--
-- Transaction: one; the file takes effect as a whole or not at all.
-- Locks:
--   public.members  ACCESS EXCLUSIVE  reads and writes wait; all rows are read
-- Hazard: public.members (ACCESS EXCLUSIVE) stays locked while this file reads or writes rows; run it when
--         those who read and write can wait.
-- Time limits: lock_timeout 2s, statement_timeout 10s, none for what reads or writes rows.
-- If it fails: everything is rolled back; run the file again. After a lock timeout (55P03) look for who holds
--              the lock first.
-- Truth label: loses data: the values of column email of public.members; rows get a placeholder. The shape
--              comes back, those values do not.

BEGIN;
SET LOCAL lock_timeout = '2s';
SET LOCAL statement_timeout = '10s';

-- Column email of public.members is added.
ALTER TABLE public.members ADD COLUMN email text DEFAULT (gen_random_uuid())::text;

-- The placeholder was for rows that exist.
ALTER TABLE public.members ALTER COLUMN email DROP DEFAULT;

SET LOCAL statement_timeout = 0;
-- Constraint unique_email_underpin_old of public.members is created.
ALTER TABLE public.members ADD CONSTRAINT unique_email_underpin_old UNIQUE (email);

COMMIT;
