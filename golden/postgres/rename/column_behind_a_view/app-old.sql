UPDATE users SET name = 'Ada' WHERE id = 1;
