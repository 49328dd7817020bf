INSERT INTO users VALUES (1, 'at'), (2, 'at'), (3, 'ch');
REFRESH MATERIALIZED VIEW countries;
