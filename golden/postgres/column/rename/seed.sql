INSERT INTO users (id, name) SELECT n, 'user ' || n FROM generate_series(1, 250) AS n;
