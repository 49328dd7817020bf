INSERT INTO orders (note) SELECT 'order ' || n FROM generate_series(1, 50) AS n;
INSERT INTO items (id, order_id) SELECT n, 1 + n % 50 FROM generate_series(1, 200) AS n;
