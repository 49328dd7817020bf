INSERT INTO invoices (id, net) VALUES (1, 10), (2, 25.5);
