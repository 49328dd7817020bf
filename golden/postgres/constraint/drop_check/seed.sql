INSERT INTO users (id, email) SELECT n, 'user' || n || '@example.org' FROM generate_series(1, 250) AS n;
