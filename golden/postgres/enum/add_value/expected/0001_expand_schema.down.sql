-- 0001_expand_schema.down.sql undoes 0001_expand_schema.up.sql.
-- Phase expand.
--
-- Takes back what the up file did for:
-- * The values of type public.mood change.
--
-- Transaction: one; the file takes effect as a whole or not at all.
-- Locks:
--   public.people       ACCESS EXCLUSIVE  reads and writes wait; all rows and indexes are written anew
--   public.people_pkey  ACCESS EXCLUSIVE  reads and writes wait; brief
-- Hazard: public.people (ACCESS EXCLUSIVE) stays locked while this file reads or writes rows; run it when
--         those who read and write can wait.
-- Time limits: lock_timeout 500ms, statement_timeout 3s, none for what reads or writes rows.
-- If it fails: everything is rolled back; run the file again. After a lock timeout (55P03) look for who holds
--              the lock first.
-- Truth label: exact; the schema and the rows that were there are as they were before the up file.

BEGIN;
SET LOCAL lock_timeout = '500ms';
SET LOCAL statement_timeout = '3s';

-- Default of column mood of public.people is made again below.
ALTER TABLE public.people ALTER COLUMN mood DROP DEFAULT;

-- The old type makes room for the new one.
ALTER TYPE public.mood RENAME TO mood_underpin_old;

-- Type public.mood is created.
CREATE TYPE public.mood AS ENUM (
    'sad',
    'happy'
);

SET LOCAL statement_timeout = 0;
-- The rows of relation public.people hold the same labels in the new type.
ALTER TABLE public.people ALTER COLUMN mood TYPE public.mood USING mood::text::public.mood;

SET LOCAL statement_timeout = '3s';
-- Default of column mood of public.people is created.
ALTER TABLE public.people ALTER COLUMN mood SET DEFAULT 'sad'::public.mood;

-- Nothing uses the old type any more.
DROP TYPE public.mood_underpin_old;

COMMIT;
