INSERT INTO events SELECT n, date '2024-12-01' + n FROM generate_series(1, 300) AS n;
