CREATE TABLE events (id integer NOT NULL) PARTITION BY LIST (id);
CREATE TABLE events_1 PARTITION OF events (PRIMARY KEY (id)) FOR VALUES IN (1);
CREATE UNIQUE INDEX events_id_idx ON events (id);
