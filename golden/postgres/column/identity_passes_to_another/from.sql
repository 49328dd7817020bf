CREATE TABLE authors (
    id bigint GENERATED ALWAYS AS IDENTITY (SEQUENCE NAME authors_id_seq),
    name text NOT NULL
);
