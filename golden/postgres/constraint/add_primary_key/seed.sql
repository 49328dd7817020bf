INSERT INTO events SELECT n, now() FROM generate_series(1, 250) AS n;
