-- no-transaction
-- 0021_contract_schema.down.sql undoes 0021_contract_schema.up.sql.
-- Phase contract.
--
-- Takes back what the up file did for:
-- * Column id of public.event changes from integer to bigint.
--
-- Transaction: none; one statement, which the server refuses in a transaction or which commits by itself.
-- Locks:
--   public.event       ROW EXCLUSIVE  reads and writes go on; single rows, each as long as its batch
--   public.event_2024  ROW EXCLUSIVE  reads and writes go on; single rows, each as long as its batch
-- Time limits: none can be set in this file, and none should hold: run it with lock_timeout and
--              statement_timeout 0. It makes no reader or writer wait for long.
-- If it fails: batches that were committed stay; run the file again and it goes on with the rows that are
--              left.
-- Truth label: exact; the schema and the rows that were there are as they were before the up file.

-- The old values are computed from the new ones.
DO $$
DECLARE
    underpin_low_1 bigint;  -- the first key of the batch
    underpin_low_2 date;  -- the first key of the batch
    underpin_high_1 bigint;  -- its last key
    underpin_high_2 date;  -- its last key
    underpin_last_1 bigint;  -- the last key of all when the backfill began
    underpin_last_2 date;  -- the last key of all when the backfill began
    underpin_size integer := 1000;  -- how much a batch takes
    underpin_begun timestamptz;
    underpin_milliseconds double precision;
    underpin_lag double precision;
BEGIN
    SELECT id, at INTO underpin_last_1, underpin_last_2 FROM public.event ORDER BY id DESC, at DESC LIMIT 1;
    SELECT id, at INTO underpin_low_1, underpin_low_2 FROM public.event ORDER BY id, at LIMIT 1;
    WHILE FOUND LOOP
        SELECT id, at INTO underpin_high_1, underpin_high_2 FROM public.event
            WHERE (id, at) >= (underpin_low_1, underpin_low_2) AND (id, at) <= (underpin_last_1, underpin_last_2)
            ORDER BY id, at OFFSET underpin_size - 1 LIMIT 1;
        IF NOT FOUND THEN
            underpin_high_1 := underpin_last_1;
            underpin_high_2 := underpin_last_2;
        END IF;
        underpin_begun := clock_timestamp();
        UPDATE public.event
            SET id_underpin_old = (event.id::integer)
            WHERE (id, at) >= (underpin_low_1, underpin_low_2) AND (id, at) <= (underpin_high_1, underpin_high_2)
            AND id_underpin_old IS DISTINCT FROM ((event.id::integer));
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
        SELECT id, at INTO underpin_low_1, underpin_low_2 FROM public.event
            WHERE (id, at) > (underpin_high_1, underpin_high_2) AND (id, at) <= (underpin_last_1, underpin_last_2)
            ORDER BY id, at LIMIT 1;
    END LOOP;
END
$$;
