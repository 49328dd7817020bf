SELECT country FROM users;
