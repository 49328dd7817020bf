-- 0001_expand_schema.down.sql undoes 0001_expand_schema.up.sql.
-- Phase expand.
--
-- Takes back what the up file did for:
-- * Column name of public.users changes from character varying(40) to text.
--
-- Transaction: one; the file takes effect as a whole or not at all.
-- Locks:
--   public.users       ACCESS EXCLUSIVE  reads and writes wait; all rows and indexes are written anew
--   public.users_pkey  ACCESS EXCLUSIVE  reads and writes wait; brief
-- Hazard: public.users (ACCESS EXCLUSIVE) stays locked while this file reads or writes rows; run it when
--         those who read and write can wait.
-- Time limits: lock_timeout 500ms, statement_timeout 3s, none for what reads or writes rows.
-- If it fails: everything is rolled back; run the file again. After a lock timeout (55P03) look for who holds
--              the lock first.
-- Truth label: exact; the schema and the rows that were there are as they were before the up file.

BEGIN;
SET LOCAL lock_timeout = '500ms';
SET LOCAL statement_timeout = 0;

-- Column name of public.users becomes character varying(40).
ALTER TABLE public.users
    DROP CONSTRAINT users_name_check,
    ALTER COLUMN name TYPE character varying(40),
    ADD CONSTRAINT users_name_check CHECK (((name)::text <> ''::text));

SET LOCAL statement_timeout = '3s';
-- The default in the new type.
ALTER TABLE public.users ALTER COLUMN name SET DEFAULT 'nobody'::character varying;

COMMIT;
