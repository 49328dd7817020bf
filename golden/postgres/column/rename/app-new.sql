INSERT INTO users (id, full_name) VALUES (1002, 'New');
UPDATE users SET full_name = 'Newer' WHERE id = 2;
