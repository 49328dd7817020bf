INSERT INTO event (id, at, kind) VALUES (100, '2024-05-01', 'o') ON CONFLICT (id, at) DO UPDATE SET kind = 'p';
UPDATE event SET kind = 'q' WHERE id = 100;
