-- 0007_enforce_schema.up.sql
-- Phase enforce: What is new becomes binding. For the new application; the old one where a sync trigger still
-- bridges.
--
-- * Constraint events_pkey of public.events is over something else.
--   The new index is built while writers go on, and the constraints change places in one transaction.
--
-- Transaction: one; the file takes effect as a whole or not at all.
-- Locks:
--   public.events                            ACCESS EXCLUSIVE        reads and writes wait; brief
--   public.events_2025                       ACCESS EXCLUSIVE        reads and writes wait; brief
--   public.events_2025_pkey                  ACCESS EXCLUSIVE        reads and writes wait; brief
--   public.events_2025_pkey_underpin_new     SHARE UPDATE EXCLUSIVE  reads and writes go on, VACUUM and DDL wait; brief
--   public.events_2026                       ACCESS EXCLUSIVE        reads and writes wait; brief
--   public.events_2026_h1                    ACCESS EXCLUSIVE        reads and writes wait; brief
--   public.events_2026_h1_pkey               ACCESS EXCLUSIVE        reads and writes wait; brief
--   public.events_2026_h1_pkey_underpin_new  SHARE UPDATE EXCLUSIVE  reads and writes go on, VACUUM and DDL wait; brief
--   public.events_pkey                       ACCESS EXCLUSIVE        reads and writes wait; brief
-- Time limits: lock_timeout 500ms, statement_timeout 3s.
-- If it fails: everything is rolled back; run the file again. After a lock timeout (55P03) look for who holds
--              the lock first.
-- Undone by: 0007_enforce_schema.down.sql (exact).

BEGIN;
SET LOCAL lock_timeout = '500ms';
SET LOCAL statement_timeout = '3s';

-- Constraint events_pkey of public.events is dropped.
ALTER TABLE public.events DROP CONSTRAINT events_pkey;

-- Constraint events_pkey of public.events is made without touching the partitions.
ALTER TABLE ONLY public.events ADD CONSTRAINT events_pkey PRIMARY KEY (at, id);

-- The index becomes that of constraint events_2025_pkey of public.events_2025.
ALTER TABLE public.events_2025 ADD CONSTRAINT events_2025_pkey PRIMARY KEY USING INDEX events_2025_pkey_underpin_new;

-- Constraint events_2025_pkey of public.events_2025 becomes a part of constraint events_pkey of
-- public.events.
ALTER INDEX public.events_pkey ATTACH PARTITION public.events_2025_pkey;

-- Constraint events_2026_pkey of public.events_2026 is made without touching the partitions.
ALTER TABLE ONLY public.events_2026 ADD CONSTRAINT events_2026_pkey PRIMARY KEY (at, id);

-- The index becomes that of constraint events_2026_h1_pkey of public.events_2026_h1.
ALTER TABLE public.events_2026_h1 ADD CONSTRAINT events_2026_h1_pkey PRIMARY KEY USING INDEX events_2026_h1_pkey_underpin_new;

-- Constraint events_2026_h1_pkey of public.events_2026_h1 becomes a part of constraint events_2026_pkey of
-- public.events_2026.
ALTER INDEX public.events_2026_pkey ATTACH PARTITION public.events_2026_h1_pkey;

-- Constraint events_2026_pkey of public.events_2026 becomes a part of constraint events_pkey of
-- public.events.
ALTER INDEX public.events_pkey ATTACH PARTITION public.events_2026_pkey;

COMMIT;
