UPDATE users SET nickname = 'Ada' WHERE id = 1;
