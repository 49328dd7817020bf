CREATE TABLE customers (id integer PRIMARY KEY);
CREATE TABLE events (
    id bigint NOT NULL,
    at date NOT NULL,
    customer_id integer CONSTRAINT events_customer REFERENCES customers (id),
    CONSTRAINT events_pkey PRIMARY KEY (id, at)
) PARTITION BY RANGE (at);
CREATE INDEX events_customer_id_idx ON events (customer_id);
CREATE TABLE events_2025 (
    id bigint NOT NULL,
    at date NOT NULL,
    customer_id integer
);
ALTER TABLE events ATTACH PARTITION events_2025 FOR VALUES FROM ('2025-01-01') TO ('2026-01-01');
