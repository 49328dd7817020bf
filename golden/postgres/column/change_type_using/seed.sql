INSERT INTO products SELECT n, n * 1.25 FROM generate_series(1, 250) AS n;
