CREATE TABLE events (
    id bigint NOT NULL,
    at date NOT NULL,
    CONSTRAINT events_id_at_key UNIQUE (id, at)
) PARTITION BY RANGE (at);
CREATE INDEX events_at_idx ON events (at);
CREATE TABLE events_2025 PARTITION OF events FOR VALUES FROM ('2025-01-01') TO ('2026-01-01');
CREATE TABLE events_2026 PARTITION OF events FOR VALUES FROM ('2026-01-01') TO ('2027-01-01');
