-- 0014_enforce_schema.up.sql
-- Phase enforce: What is new becomes binding. For the new application; the old one where a sync trigger still
-- bridges.
--
-- * Column id of public.event changes from integer to bigint.
--   The server would write the table anew under a lock that shuts out all others; so a second column is
--   filled beside the first and takes its place in one short transaction. Until the contract phase the new
--   column takes only what the old type can hold.
--
-- Transaction: one; the file takes effect as a whole or not at all.
-- Locks:
--   public.event                   ACCESS EXCLUSIVE        reads and writes wait; brief
--   public.event_2024              ACCESS EXCLUSIVE        reads and writes wait; brief
--   public.event_2024_kind_id_idx  SHARE UPDATE EXCLUSIVE  reads and writes go on, VACUUM and DDL wait; brief
--   public.event_2024_of_kind      SHARE UPDATE EXCLUSIVE  reads and writes go on, VACUUM and DDL wait; brief
--   public.event_2024_pkey         ACCESS EXCLUSIVE        reads and writes wait; brief
--   public.event_by_kind           SHARE UPDATE EXCLUSIVE  reads and writes go on, VACUUM and DDL wait; brief
--   public.event_pkey              ACCESS EXCLUSIVE        reads and writes wait; brief
-- Time limits: lock_timeout 500ms, statement_timeout 3s.
-- If it fails: everything is rolled back; run the file again. After a lock timeout (55P03) look for who holds
--              the lock first.
-- Undone by: 0014_enforce_schema.down.sql (exact).

BEGIN;
SET LOCAL lock_timeout = '500ms';
SET LOCAL statement_timeout = '3s';
-- Bodies may name what is made later; the check would refuse them.
SET LOCAL check_function_bodies = off;

-- All tables at once, so that the short lock is waited for once.
LOCK TABLE public.event IN ACCESS EXCLUSIVE MODE;

-- Constraint event_pkey of public.event goes.
ALTER TABLE public.event DROP CONSTRAINT event_pkey;

-- Relation public.event_by_kind becomes event_by_kind_underpin_old.
ALTER INDEX public.event_by_kind RENAME TO event_by_kind_underpin_old;

-- Relation public.event_2024_kind_id_idx becomes event_2024_kind_id_idx_underpin_old.
ALTER INDEX public.event_2024_kind_id_idx RENAME TO event_2024_kind_id_idx_underpin_old;

-- Relation public.event_2024_of_kind becomes event_2024_of_kind_underpin_old.
ALTER INDEX public.event_2024_of_kind RENAME TO event_2024_of_kind_underpin_old;

-- Constraint event_id_not_null of public.event becomes event_id_not_null_underpin_old.
ALTER TABLE public.event RENAME CONSTRAINT event_id_not_null TO event_id_not_null_underpin_old;

-- Column id of public.event becomes id_underpin_old.
ALTER TABLE public.event RENAME COLUMN id TO id_underpin_old;

-- Column id_underpin_new of public.event becomes id.
ALTER TABLE public.event RENAME COLUMN id_underpin_new TO id;

-- Constraint event_id_underpin_not_null of public.event becomes event_id_not_null.
ALTER TABLE public.event RENAME CONSTRAINT event_id_underpin_not_null TO event_id_not_null;

-- Relation public.event_by_kind_underpin_new becomes event_by_kind.
ALTER INDEX public.event_by_kind_underpin_new RENAME TO event_by_kind;

-- Relation public.event_2024_kind_id_idx_underpin_new becomes event_2024_kind_id_idx.
ALTER INDEX public.event_2024_kind_id_idx_underpin_new RENAME TO event_2024_kind_id_idx;

-- Relation public.event_2024_of_kind_underpin_new becomes event_2024_of_kind.
ALTER INDEX public.event_2024_of_kind_underpin_new RENAME TO event_2024_of_kind;

-- Constraint event_pkey of public.event is made without touching the partitions.
ALTER TABLE ONLY public.event ADD CONSTRAINT event_pkey PRIMARY KEY (id, at);

-- Constraint event_2024_pkey of public.event_2024 goes by the index that was built for it.
ALTER TABLE public.event_2024 ADD CONSTRAINT event_2024_pkey PRIMARY KEY USING INDEX event_2024_pkey_underpin_new;

-- Constraint event_2024_pkey of public.event_2024 becomes a part of constraint event_pkey of public.event.
ALTER INDEX public.event_pkey ATTACH PARTITION public.event_2024_pkey;

-- The columns have changed their names: values flow the other way.
CREATE OR REPLACE FUNCTION public.event_id_underpin_sync() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
BEGIN
    NEW.id_underpin_old := (SELECT (event.id::integer) FROM (SELECT NEW.*) AS event);
    RETURN NEW;
END
$$;

COMMIT;
