INSERT INTO users (id, email) VALUES (1001, 'old@example.org');
UPDATE users SET email = 'changed@example.org' WHERE id = 1;
