INSERT INTO users (id, account) SELECT max(id) + 1, 1 FROM users; UPDATE users SET account = 2 WHERE id = 1;
