CREATE TABLE events (at date NOT NULL, size bigint) PARTITION BY RANGE (at);
