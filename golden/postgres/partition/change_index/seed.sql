INSERT INTO events SELECT n, date '2025-01-01' + n, 'seen' FROM generate_series(1, 500) AS n;
