CREATE TABLE currencies (id integer PRIMARY KEY, minor_units smallint NOT NULL);
