-- 0002_enforce_schema.up.sql
-- Phase enforce: What is new becomes binding. For the new application; the old one where a sync trigger still
-- bridges.
--
-- * Constraint orders_user_id_fkey of app.orders is added.
--   New rows obey it first; old rows are then checked under a lock that lets writers go on.
--
-- Transaction: one; the file takes effect as a whole or not at all.
-- Locks:
--   app.orders  SHARE UPDATE EXCLUSIVE  reads and writes go on, VACUUM and DDL wait; all rows are read
--   auth.users  ROW SHARE               reads and writes go on; all rows are read
-- Time limits: lock_timeout 2s, statement_timeout 10s, none for what reads or writes rows.
-- If it fails: everything is rolled back; run the file again. After a lock timeout (55P03) look for who holds
--              the lock first.
-- Undone by: 0002_enforce_schema.down.sql (exact).

BEGIN;
SET LOCAL lock_timeout = '2s';
SET LOCAL statement_timeout = 0;

-- Every row is checked against orders_user_id_fkey; writers go on.
ALTER TABLE app.orders VALIDATE CONSTRAINT orders_user_id_fkey;

SET LOCAL statement_timeout = '10s';
-- Constraint orders_user_id_fkey of app.orders holds for every row.
DO $$
BEGIN
    IF NOT EXISTS (
        SELECT FROM pg_catalog.pg_constraint
        WHERE conrelid = to_regclass('app.orders') AND conname = 'orders_user_id_fkey' AND convalidated
    ) THEN
        RAISE EXCEPTION 'constraint orders_user_id_fkey of app.orders is missing or not validated';
    END IF;
END
$$;

COMMIT;
