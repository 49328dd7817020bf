CREATE TABLE bookings (
    id bigint PRIMARY KEY,
    during tstzrange NOT NULL,
    CONSTRAINT bookings_during_excl EXCLUDE USING gist (during WITH &&)
);
