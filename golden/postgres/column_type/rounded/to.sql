CREATE TABLE readings (
    id bigint PRIMARY KEY,
    degrees integer
);
