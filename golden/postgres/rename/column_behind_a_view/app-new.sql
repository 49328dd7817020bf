UPDATE users SET full_name = 'Ada Lovelace' WHERE id = 1;
