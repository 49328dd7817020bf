CREATE TABLE users (
    id bigint PRIMARY KEY,
    full_name text  -- underpin: renamed-from name via view
);
