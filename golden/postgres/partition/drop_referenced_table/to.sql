CREATE TABLE shops (id integer PRIMARY KEY, region integer);
