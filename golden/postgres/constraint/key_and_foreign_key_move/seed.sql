INSERT INTO companies (id, code) VALUES (1, 1), (2, 2);
INSERT INTO employees (id, company) VALUES (1, 1), (2, 2);
