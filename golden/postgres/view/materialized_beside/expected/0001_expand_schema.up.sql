-- 0001_expand_schema.up.sql
-- Phase expand: New objects are made beside the old ones. For the old application, unchanged.
--
-- * Relation public.spending is built anew beside the old one, with the views that hang together with it.
--   Filling it reads all rows of its tables, so it is filled in a file that locks nothing that others wait
--   for; the new one then takes the old one's name.
--
-- Transaction: one; the file takes effect as a whole or not at all.
-- Locks:
--   public.orders  ACCESS SHARE  reads and writes go on; all rows are read
-- Time limits: lock_timeout 2s, statement_timeout 10s, none for what reads or writes rows.
-- If it fails: everything is rolled back; run the file again. After a lock timeout (55P03) look for who holds
--              the lock first.
-- Undone by: 0001_expand_schema.down.sql (exact).

BEGIN;
SET LOCAL lock_timeout = '2s';
SET LOCAL statement_timeout = 0;

-- Relation public.spending_underpin_new is created.
CREATE MATERIALIZED VIEW public.spending_underpin_new AS
SELECT customer, sum(total) AS total, count(*) AS orders FROM public.orders GROUP BY customer
WITH DATA;

SET LOCAL statement_timeout = '10s';
-- Who may do what with relation public.spending_underpin_new.
GRANT SELECT ON TABLE public.spending_underpin_new TO PUBLIC;

-- Relation public.spending_underpin_new is described.
COMMENT ON MATERIALIZED VIEW public.spending_underpin_new IS 'What each customer has spent';

SET LOCAL statement_timeout = 0;
-- Relation public.spending_customer_idx_underpin_new is created.
CREATE UNIQUE INDEX spending_customer_idx_underpin_new ON public.spending_underpin_new (customer);

SET LOCAL statement_timeout = '10s';
-- The server learns what the rows are like before anybody asks for them.
ANALYZE public.spending_underpin_new;

-- Relation public.big_spenders_underpin_new is created.
CREATE VIEW public.big_spenders_underpin_new AS
SELECT customer FROM public.spending_underpin_new WHERE (total > (1000)::numeric);

COMMIT;
