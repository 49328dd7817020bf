CREATE TABLE event (
    id bigint NOT NULL,
    at date NOT NULL,
    kind text,
    CONSTRAINT event_pkey PRIMARY KEY (id, at)
) PARTITION BY RANGE (at);
CREATE TABLE event_2024 PARTITION OF event FOR VALUES FROM ('2024-01-01') TO ('2025-01-01');
CREATE INDEX event_by_kind ON event (kind, id);
CREATE INDEX event_2024_of_kind ON event_2024 (id) WHERE kind = 'a';
