INSERT INTO accounts SELECT n FROM generate_series(1, 10) AS n;
INSERT INTO users SELECT n, 1 + n % 10, 'user' || n FROM generate_series(1, 100) AS n;
