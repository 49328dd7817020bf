INSERT INTO users (id, name) VALUES (1001, 'Old');
UPDATE users SET name = 'Older' WHERE id = 1;
