-- 0002_enforce_schema.up.sql
-- Phase enforce: What is new becomes binding. For the new application; the old one where a sync trigger still
-- bridges.
--
-- * Constraint email_check of domain public.email is added.
--   New values are checked at once without a lock on any table; the rows there are, afterwards.
--
-- Transaction: one; the file takes effect as a whole or not at all.
-- Locks:
--   public.users  SHARE  writes wait, reads go on; all rows are read
-- Time limits: lock_timeout 2s, no statement_timeout, since the time depends on the number of rows.
-- If it fails: everything is rolled back; run the file again. After a lock timeout (55P03) look for who holds
--              the lock first.
-- Undone by: 0002_enforce_schema.down.sql (exact).

BEGIN;
SET LOCAL lock_timeout = '2s';
SET LOCAL statement_timeout = 0;

-- Every row that holds a value of the domain is read for constraint email_check of domain public.email.
ALTER DOMAIN public.email VALIDATE CONSTRAINT email_check;

COMMIT;
