-- no-transaction
-- 0002_backfill_schema.up.sql
-- Phase backfill: Rows that are there get their new values, in batches. For the old and the new application.
--
-- * Column degrees of public.readings changes from double precision to integer.
--   The server would write the table anew under a lock that shuts out all others; so a second column is
--   filled beside the first and takes its place in one short transaction. From the first file on a value that
--   the new type does not take is refused, from the old application too; until the contract phase the new
--   column takes only what the old type can hold.
--
-- Transaction: none; one statement, which the server refuses in a transaction or which commits by itself.
-- Locks:
--   public.readings  ROW EXCLUSIVE  reads and writes go on; single rows, each as long as its batch
-- Time limits: none can be set in this file, and none should hold: run it with lock_timeout and
--              statement_timeout 0. It makes no reader or writer wait for long.
-- If it fails: batches that were committed stay; run the file again and it goes on with the rows that are
--              left.
-- Undone by: 0002_backfill_schema.down.sql (exact).

-- The rows of readings that were there before the trigger.
DO $$
DECLARE
    underpin_low bigint;  -- the first key of the batch
    underpin_high bigint;  -- its last key
    underpin_last bigint;  -- the last key of all when the backfill began
    underpin_size integer := 1000;  -- how much a batch takes
    underpin_begun timestamptz;
    underpin_milliseconds double precision;
    underpin_lag double precision;
BEGIN
    SELECT id INTO underpin_last FROM public.readings ORDER BY id DESC LIMIT 1;
    SELECT id INTO underpin_low FROM public.readings ORDER BY id LIMIT 1;
    WHILE FOUND LOOP
        SELECT id INTO underpin_high FROM public.readings
            WHERE id >= underpin_low AND id <= underpin_last
            ORDER BY id OFFSET underpin_size - 1 LIMIT 1;
        IF NOT FOUND THEN
            underpin_high := underpin_last;
        END IF;
        underpin_begun := clock_timestamp();
        UPDATE public.readings
            SET degrees_underpin_new = (readings.degrees::integer)
            WHERE id >= underpin_low AND id <= underpin_high
            AND degrees_underpin_new IS DISTINCT FROM ((readings.degrees::integer));
        COMMIT;
        underpin_milliseconds := extract(epoch FROM clock_timestamp() - underpin_begun) * 1000;
        -- Aim at 100 ms a batch, from 100 to 20000 rows.
        underpin_size := greatest(100, least(20000,
            (underpin_size * least(2.0, greatest(0.5, 100.0 / greatest(underpin_milliseconds, 1.0))))::integer));
        LOOP
            SELECT coalesce(max(extract(epoch FROM replay_lag)), 0) INTO underpin_lag FROM pg_stat_replication;
            EXIT WHEN underpin_lag < 30;
            COMMIT;
            PERFORM pg_sleep(5);
        END LOOP;
        PERFORM pg_sleep(0.01);
        SELECT id INTO underpin_low FROM public.readings
            WHERE id > underpin_high AND id <= underpin_last
            ORDER BY id LIMIT 1;
    END LOOP;
END
$$;
