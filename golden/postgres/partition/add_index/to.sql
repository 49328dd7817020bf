CREATE TABLE events (
    id bigint NOT NULL,
    day date NOT NULL
) PARTITION BY RANGE (day);

CREATE TABLE events_2025 PARTITION OF events FOR VALUES FROM ('2025-01-01') TO ('2026-01-01');

CREATE INDEX events_id_idx ON events (id);
