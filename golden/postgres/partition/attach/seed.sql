INSERT INTO customers SELECT generate_series(1, 10);
INSERT INTO events_2025 SELECT n, date '2025-01-01' + n, n % 10 + 1 FROM generate_series(1, 300) AS n;
