-- 0003_expand_schema.down.sql undoes 0003_expand_schema.up.sql.
-- Phase expand.
--
-- Takes back what the up file did for:
-- * Relation public.spending is built anew beside the old one, with the views that hang together with it.
--
-- Transaction: one; the file takes effect as a whole or not at all.
-- Locks:
--   public.orders  ACCESS SHARE  reads and writes go on; all rows are read
-- Time limits: lock_timeout 2s, statement_timeout 10s, none for what reads or writes rows.
-- If it fails: everything is rolled back; run the file again. After a lock timeout (55P03) look for who holds
--              the lock first.
-- Truth label: exact; the schema and the rows that were there are as they were before the up file.

BEGIN;
SET LOCAL lock_timeout = '2s';
SET LOCAL statement_timeout = 0;

-- Relation public.spending_underpin_old is created.
CREATE MATERIALIZED VIEW public.spending_underpin_old AS
SELECT customer, sum(total) AS total FROM public.orders GROUP BY customer
WITH DATA;

SET LOCAL statement_timeout = '10s';
-- Who may do what with relation public.spending_underpin_old.
GRANT SELECT ON TABLE public.spending_underpin_old TO PUBLIC;

-- Relation public.spending_underpin_old is described.
COMMENT ON MATERIALIZED VIEW public.spending_underpin_old IS 'What each customer has spent';

SET LOCAL statement_timeout = 0;
-- Relation public.spending_customer_idx_underpin_old is created.
CREATE UNIQUE INDEX spending_customer_idx_underpin_old ON public.spending_underpin_old (customer);

SET LOCAL statement_timeout = '10s';
-- The server learns what the rows are like before anybody asks for them.
ANALYZE public.spending_underpin_old;

-- Relation public.big_spenders_underpin_old is created.
CREATE VIEW public.big_spenders_underpin_old AS
SELECT customer FROM public.spending_underpin_old WHERE (total > (1000)::numeric);

COMMIT;
