INSERT INTO authors (name) VALUES ('a'), ('b');
