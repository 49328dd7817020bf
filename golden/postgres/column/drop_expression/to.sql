CREATE TABLE invoices (
    id bigint PRIMARY KEY,
    net numeric NOT NULL,
    gross numeric
);
COMMENT ON COLUMN invoices.gross IS 'with tax';
