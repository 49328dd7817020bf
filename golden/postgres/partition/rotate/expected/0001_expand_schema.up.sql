-- 0001_expand_schema.up.sql
-- Phase expand: New objects are made beside the old ones. For the old application, unchanged.
--
-- * Column kind of public.event is dropped.
--   The old application uses it until the new one is deployed, so it goes last.
-- * Column source of public.event is added.
--   The catalog keeps the value of old rows, so no row is touched.
-- * Column note of public.event changes from character varying(10) to character varying(20).
--   The server stores the values of both types alike: only its catalog changes.
--
-- Transaction: one; the file takes effect as a whole or not at all.
-- Locks:
--   public.event    ACCESS EXCLUSIVE  reads and writes wait; brief
--   public.event_1  ACCESS EXCLUSIVE  reads and writes wait; brief
--   public.event_2  ACCESS EXCLUSIVE  reads and writes wait; brief
-- Time limits: lock_timeout 500ms, statement_timeout 3s.
-- If it fails: everything is rolled back; run the file again. After a lock timeout (55P03) look for who holds
--              the lock first.
-- Undone by: 0001_expand_schema.down.sql (exact).

BEGIN;
SET LOCAL lock_timeout = '500ms';
SET LOCAL statement_timeout = '3s';

-- Column kind of public.event may be null.
ALTER TABLE public.event ALTER COLUMN kind DROP NOT NULL;

-- Column kind of public.event_2 may be null.
ALTER TABLE public.event_2 ALTER COLUMN kind DROP NOT NULL;

-- Column source of public.event is added.
ALTER TABLE public.event ADD COLUMN source text DEFAULT 'web'::text NOT NULL;

-- Column note of public.event becomes character varying(20).
ALTER TABLE public.event ALTER COLUMN note TYPE character varying(20);

COMMIT;
