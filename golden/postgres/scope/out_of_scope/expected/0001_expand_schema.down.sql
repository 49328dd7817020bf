-- 0001_expand_schema.down.sql undoes 0001_expand_schema.up.sql.
-- Phase expand.
--
-- Takes back what the up file did for:
-- * Column user_id of app.orders is added.
-- * Constraint orders_user_id_fkey of app.orders is added.
--
-- Transaction: one; the file takes effect as a whole or not at all.
-- Locks:
--   app.orders  ACCESS EXCLUSIVE  reads and writes wait; brief
--   auth.users  ACCESS EXCLUSIVE  reads and writes wait; brief
-- Time limits: lock_timeout 500ms, statement_timeout 3s.
-- If it fails: everything is rolled back; run the file again. After a lock timeout (55P03) look for who holds
--              the lock first.
-- Truth label: exact; the schema and the rows that were there are as they were before the up file.

BEGIN;
SET LOCAL lock_timeout = '500ms';
SET LOCAL statement_timeout = '3s';

-- Constraint orders_user_id_fkey of app.orders is dropped.
ALTER TABLE app.orders DROP CONSTRAINT orders_user_id_fkey;

-- Column user_id of app.orders is dropped.
ALTER TABLE app.orders DROP COLUMN user_id;

COMMIT;
