--
-- PostgreSQL database dump
--

CREATE TABLE public.events (
    at timestamp with time zone
)
PARTITION BY RANGE (at);

CREATE TABLE public.events_2026_01 (
    at timestamp with time zone
);

ALTER TABLE ONLY public.events ATTACH PARTITION public.events_2026_01 FOR VALUES FROM ('2026-01-01 00:00:00+00') TO ('2026-02-01 00:00:00+00');
