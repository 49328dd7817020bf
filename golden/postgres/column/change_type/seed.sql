INSERT INTO products SELECT n, n * 10 FROM generate_series(1, 250) AS n;
