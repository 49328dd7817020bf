INSERT INTO event VALUES ('2024-01-10', 'a', 'x'), ('2024-02-10', 'b', NULL);
