CREATE TABLE assets (
    id bigint NOT NULL,
    name text NOT NULL,
    CONSTRAINT assets_name_check CHECK (name <> '')
);
CREATE TABLE vehicles (
    id bigint NOT NULL,
    name text,
    wheels integer
);
