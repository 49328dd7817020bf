CREATE TABLE regions (id integer PRIMARY KEY, name text) PARTITION BY RANGE (id);
CREATE TABLE regions_eu PARTITION OF regions FOR VALUES FROM (1) TO (1000) PARTITION BY RANGE (id);
CREATE TABLE regions_eu_west PARTITION OF regions_eu FOR VALUES FROM (1) TO (500);
CREATE TABLE regions_us PARTITION OF regions FOR VALUES FROM (1000) TO (2000);
CREATE TABLE shops (id integer PRIMARY KEY, region integer REFERENCES regions (id));
