-- no-transaction
-- 0002_backfill_schema.up.sql
-- Phase backfill: Rows that are there get their new values, in batches. For the old and the new application.
--
-- * Column number of public.authors is added.
--   An identity would write the whole table anew, so old rows are numbered in batches.
--
-- Transaction: none; one statement, which the server refuses in a transaction or which commits by itself.
-- Locks:
--   public.authors                      ROW EXCLUSIVE  reads and writes go on; single rows, each as long as its batch
--   public.authors_id_seq_underpin_old  ACCESS SHARE   reads and writes go on; brief
-- Time limits: none can be set in this file, and none should hold: run it with lock_timeout and
--              statement_timeout 0. It makes no reader or writer wait for long.
-- If it fails: batches that were committed stay; run the file again and it goes on with the rows that are
--              left.
-- Undone by: 0002_backfill_schema.down.sql (exact).

-- Old rows get a value in column number of public.authors, batch by batch; it can be run again at any time.
DO $$
DECLARE
    underpin_page bigint := 0;  -- the first page of the batch
    underpin_pages bigint := pg_relation_size('public.authors') / current_setting('block_size')::bigint;
    underpin_size integer := 1000;  -- how much a batch takes
    underpin_begun timestamptz;
    underpin_milliseconds double precision;
    underpin_lag double precision;
BEGIN
    underpin_size := 16;
    WHILE underpin_page < underpin_pages LOOP
        underpin_begun := clock_timestamp();
        UPDATE public.authors
            SET number = nextval('public.authors_id_seq_underpin_old'::regclass)
            WHERE ctid >= format('(%s,0)', underpin_page)::tid AND ctid < format('(%s,0)', underpin_page + underpin_size)::tid
            AND number IS NULL;
        COMMIT;
        underpin_page := underpin_page + underpin_size;
        underpin_milliseconds := extract(epoch FROM clock_timestamp() - underpin_begun) * 1000;
        -- Aim at 100 ms a batch, from 1 to 1000 pages.
        underpin_size := greatest(1, least(1000,
            (underpin_size * least(2.0, greatest(0.5, 100.0 / greatest(underpin_milliseconds, 1.0))))::integer));
        LOOP
            SELECT coalesce(max(extract(epoch FROM replay_lag)), 0) INTO underpin_lag FROM pg_stat_replication;
            EXIT WHEN underpin_lag < 30;
            COMMIT;
            PERFORM pg_sleep(5);
        END LOOP;
        PERFORM pg_sleep(0.01);
    END LOOP;
END
$$;
