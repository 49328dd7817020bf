INSERT INTO users (id, account_id) SELECT max(id) + 1, 1 FROM users; UPDATE users SET account_id = 3 WHERE id = 1;
