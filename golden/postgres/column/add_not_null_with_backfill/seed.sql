INSERT INTO users (id, email) SELECT n, 'user' || n || '@example.org' FROM generate_series(1, 250) AS n;
INSERT INTO orders (id, user_id) SELECT n, 1 + n % 250 FROM generate_series(1, 500) AS n;
