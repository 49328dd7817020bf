CREATE TABLE logs (id integer NOT NULL, at date) PARTITION BY RANGE (id);
CREATE TABLE logs_1 PARTITION OF logs FOR VALUES FROM (0) TO (100);
CREATE TABLE logs_2 PARTITION OF logs FOR VALUES FROM (100) TO (200);
CREATE INDEX logs_at_idx ON ONLY logs (at);
CREATE INDEX logs_1_at_idx ON logs_1 (at);
ALTER INDEX logs_at_idx ATTACH PARTITION logs_1_at_idx;
CREATE TABLE others (id integer);
