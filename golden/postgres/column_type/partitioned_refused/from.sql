CREATE TABLE events (at date NOT NULL, size integer) PARTITION BY RANGE (at);
