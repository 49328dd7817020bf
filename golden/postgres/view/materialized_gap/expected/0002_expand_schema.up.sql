-- 0002_expand_schema.up.sql
-- Phase expand: New objects are made beside the old ones. For the old application, unchanged.
--
-- * Relation public.countries is created anew.
--   The server refuses a change of this plan while it exists: it goes before, comes back empty, and is filled
--   in a file that locks nothing else; nobody can read it in between.
-- * Column country of public.users changes from character varying(2) to character varying(3).
--   The server stores the values of both types alike: only its catalog changes.
--
-- Transaction: one; the file takes effect as a whole or not at all.
-- Locks:
--   public.countries              ACCESS EXCLUSIVE  reads and writes wait; brief
--   public.countries_country_idx  ACCESS EXCLUSIVE  reads and writes wait; brief
--   public.users                  ACCESS EXCLUSIVE  reads and writes wait; brief
--   public.users_pkey             ACCESS EXCLUSIVE  reads and writes wait; brief
-- Time limits: lock_timeout 500ms, statement_timeout 3s, none for what reads or writes rows.
-- If it fails: everything is rolled back; run the file again. After a lock timeout (55P03) look for who holds
--              the lock first.
-- Undone by: 0002_expand_schema.down.sql (exact).

BEGIN;
SET LOCAL lock_timeout = '500ms';
SET LOCAL statement_timeout = '3s';

-- Relation public.countries is dropped.
DROP MATERIALIZED VIEW public.countries;

-- Column country of public.users becomes character varying(3).
ALTER TABLE public.users ALTER COLUMN country TYPE character varying(3);

-- Relation public.countries is created.
CREATE MATERIALIZED VIEW public.countries AS
SELECT country, count(*) AS users FROM public.users GROUP BY country
WITH NO DATA;

-- Who may do what with relation public.countries.
GRANT SELECT ON TABLE public.countries TO PUBLIC;

SET LOCAL statement_timeout = 0;
-- Relation public.countries_country_idx is created.
CREATE UNIQUE INDEX countries_country_idx ON public.countries (country);

COMMIT;
