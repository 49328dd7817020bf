-- 0006_enforce_schema.up.sql
-- Phase enforce: What is new becomes binding. For the new application; the old one where a sync trigger still
-- bridges.
--
-- * Column account of public.users is renamed to account_id.
--   The old application knows the old name and the new one the new name: both are written until the old one
--   is gone, and a trigger keeps them equal.
--
-- Transaction: one; the file takes effect as a whole or not at all.
-- Locks:
--   public.accounts  SHARE ROW EXCLUSIVE  writes wait, reads go on; brief
--   public.users     ACCESS EXCLUSIVE     reads and writes wait; brief
-- Time limits: lock_timeout 500ms, statement_timeout 3s.
-- If it fails: everything is rolled back; run the file again. After a lock timeout (55P03) look for who holds
--              the lock first.
-- Undone by: 0006_enforce_schema.down.sql (exact).

BEGIN;
SET LOCAL lock_timeout = '500ms';
SET LOCAL statement_timeout = '3s';

-- Relation public.users_account_id_idx_underpin_new is complete.
DO $$
BEGIN
    IF NOT EXISTS (
        SELECT FROM pg_catalog.pg_index
        WHERE indexrelid = to_regclass('public.users_account_id_idx_underpin_new') AND indisvalid
    ) THEN
        RAISE EXCEPTION 'index public.users_account_id_idx_underpin_new is missing or invalid';
    END IF;
END
$$;

-- Foreign keys lock both tables.
LOCK TABLE public.accounts, public.users IN SHARE ROW EXCLUSIVE MODE;

-- No new row has a null in account_id.
ALTER TABLE public.users ADD CONSTRAINT users_account_id_underpin_not_null NOT NULL account_id NOT VALID;

-- Constraint users_account_id_fkey_underpin_new of public.users holds for new rows.
ALTER TABLE public.users ADD CONSTRAINT users_account_id_fkey_underpin_new FOREIGN KEY (account_id) REFERENCES public.accounts (id) NOT VALID;

COMMIT;
