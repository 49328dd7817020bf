CREATE TABLE readings (
    id bigint PRIMARY KEY,
    degrees double precision
);
