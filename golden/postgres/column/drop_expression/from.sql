CREATE TABLE invoices (
    id bigint PRIMARY KEY,
    net numeric NOT NULL,
    gross numeric GENERATED ALWAYS AS (net * 1.2) STORED
);
COMMENT ON COLUMN invoices.gross IS 'with tax';
