CREATE TABLE companies (
    id bigint NOT NULL,
    code bigint NOT NULL,
    CONSTRAINT companies_pkey PRIMARY KEY (id)
);

CREATE TABLE employees (
    id bigint PRIMARY KEY,
    company bigint NOT NULL CONSTRAINT employees_company_fkey REFERENCES companies (id)
);
