-- 0001_expand_schema.up.sql
-- Phase expand: New objects are made beside the old ones. For the old application, unchanged.
--
-- * Column user_id of app.orders is added.
--   The catalog keeps the value of old rows, so no row is touched.
-- * Constraint orders_user_id_fkey of app.orders is added.
--   New rows obey it first; old rows are then checked under a lock that lets writers go on.
--
-- Transaction: one; the file takes effect as a whole or not at all.
-- Locks:
--   app.orders  ACCESS EXCLUSIVE     reads and writes wait; brief
--   auth.users  SHARE ROW EXCLUSIVE  writes wait, reads go on; brief
-- Time limits: lock_timeout 500ms, statement_timeout 3s.
-- If it fails: everything is rolled back; run the file again. After a lock timeout (55P03) look for who holds
--              the lock first.
-- Undone by: 0001_expand_schema.down.sql (exact).

BEGIN;
SET LOCAL lock_timeout = '500ms';
SET LOCAL statement_timeout = '3s';

-- Column user_id of app.orders is added.
ALTER TABLE app.orders ADD COLUMN user_id bigint;

-- Both tables are locked in the order that running checks take, so that no deadlock comes of it.
LOCK TABLE auth.users, app.orders IN SHARE ROW EXCLUSIVE MODE;

-- New rows obey constraint orders_user_id_fkey of app.orders.
ALTER TABLE app.orders ADD CONSTRAINT orders_user_id_fkey FOREIGN KEY (user_id) REFERENCES auth.users (id) NOT VALID;

COMMIT;
