INSERT INTO events SELECT n, '2025-06-01' FROM generate_series(1, 250) AS n;
