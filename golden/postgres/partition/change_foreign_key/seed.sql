INSERT INTO customers SELECT generate_series(1, 10);
INSERT INTO orders SELECT n, date '2025-01-01' + n, n % 10 + 1 FROM generate_series(1, 100) AS n;
