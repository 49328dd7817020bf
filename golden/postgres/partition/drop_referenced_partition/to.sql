CREATE TABLE regions (id integer PRIMARY KEY, name text) PARTITION BY RANGE (id);
CREATE TABLE regions_us PARTITION OF regions FOR VALUES FROM (1000) TO (2000);
CREATE TABLE shops (id integer PRIMARY KEY, region integer REFERENCES regions (id));
