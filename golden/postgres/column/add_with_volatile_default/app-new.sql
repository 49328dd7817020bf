INSERT INTO users (id, email) VALUES (1002, 'new@example.org');
