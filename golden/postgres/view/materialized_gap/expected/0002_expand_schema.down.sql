-- 0002_expand_schema.down.sql undoes 0002_expand_schema.up.sql.
-- Phase expand.
--
-- Takes back what the up file did for:
-- * Relation public.countries is created anew.
-- * Column country of public.users changes from character varying(2) to character varying(3).
--
-- Transaction: one; the file takes effect as a whole or not at all.
-- Locks:
--   public.countries              ACCESS EXCLUSIVE  reads and writes wait; brief
--   public.countries_country_idx  ACCESS EXCLUSIVE  reads and writes wait; brief
--   public.users                  ACCESS EXCLUSIVE  reads and writes wait; all rows and indexes are written anew
--   public.users_pkey             ACCESS EXCLUSIVE  reads and writes wait; brief
-- Hazard: public.countries (SHARE), public.users (ACCESS EXCLUSIVE), public.users_pkey (ACCESS EXCLUSIVE)
--         stay locked while this file reads or writes rows; run it when those who read and write can wait.
-- Time limits: lock_timeout 500ms, statement_timeout 3s, none for what reads or writes rows.
-- If it fails: everything is rolled back; run the file again. After a lock timeout (55P03) look for who holds
--              the lock first.
-- Truth label: exact; the schema and the rows that were there are as they were before the up file.

BEGIN;
SET LOCAL lock_timeout = '500ms';
SET LOCAL statement_timeout = '3s';

-- Relation public.countries is dropped.
DROP MATERIALIZED VIEW public.countries;

SET LOCAL statement_timeout = 0;
-- Column country of public.users becomes character varying(2).
ALTER TABLE public.users ALTER COLUMN country TYPE character varying(2);

SET LOCAL statement_timeout = '3s';
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
