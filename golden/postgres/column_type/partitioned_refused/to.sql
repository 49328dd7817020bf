CREATE TABLE events (at timestamp NOT NULL, size integer) PARTITION BY RANGE (at);
