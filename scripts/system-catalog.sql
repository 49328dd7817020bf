-- One server's own catalog, as far as the analyser needs it: a line an object, the table it goes to first.
-- Run by system-catalog.sh; says nothing of what extensions or users bring, so run it in a fresh database.
\set ON_ERROR_STOP on
\pset format unaligned
\pset tuples_only on
\pset fieldsep '\t'
SET search_path = pg_catalog;

-- A type as the tables write it: by its name in pg_catalog, its array with [] behind it, another schema before it.
CREATE FUNCTION pg_temp.type_name(wanted oid) RETURNS text LANGUAGE sql STABLE AS $$
    SELECT CASE
        WHEN wanted = 0 THEN '-'
        WHEN type.typelem <> 0 AND type.typcategory = 'A' AND type.typname LIKE '\_%' THEN pg_temp.type_name(type.typelem) || '[]'
        WHEN type.typnamespace = 'pg_catalog'::regnamespace THEN type.typname::text
        ELSE type.typnamespace::regnamespace || '.' || type.typname
    END
    FROM (SELECT) AS one LEFT JOIN pg_type AS type ON type.oid = wanted
$$;

SELECT 'functions', proname, prokind,
    CASE WHEN proretset THEN 'setof ' ELSE '' END || pg_temp.type_name(prorettype),
    pronargdefaults,
    CASE WHEN provariadic <> 0 THEN 'variadic' ELSE '-' END,
    coalesce((
        SELECT string_agg(pg_temp.type_name(argument), ' ' ORDER BY place)
        FROM unnest(proargtypes) WITH ORDINALITY AS arguments (argument, place)
    ), '-'),
    coalesce((
        SELECT string_agg(proargnames[place], ',' ORDER BY place)
        FROM generate_subscripts(proargnames, 1) AS place
        WHERE (proargmodes IS NULL OR proargmodes[place] IN ('i', 'b', 'v')) AND place <= coalesce(array_length(proallargtypes, 1), pronargs)
    ), '-'),
    coalesce((
        SELECT string_agg(coalesce(nullif(proargnames[place], ''), 'column' || place) || ':' || pg_temp.type_name(proallargtypes[place]), ' ' ORDER BY place)
        FROM generate_subscripts(proallargtypes, 1) AS place
        WHERE proargmodes[place] IN ('o', 'b', 't')
    ), '-')
FROM pg_proc
WHERE pronamespace = 'pg_catalog'::regnamespace;

SELECT 'operators', oprname, pg_temp.type_name(oprleft), pg_temp.type_name(oprright), pg_temp.type_name(oprresult)
FROM pg_operator
WHERE oprnamespace = 'pg_catalog'::regnamespace AND oprresult <> 0;

SELECT 'types', typnamespace::regnamespace, typname, typtype, typcategory,
    CASE WHEN typispreferred THEN 'preferred' ELSE '-' END,
    pg_temp.type_name(typelem), pg_temp.type_name(typbasetype),
    CASE typcollation WHEN 0 THEN '-' WHEN 'default'::regcollation THEN 'default' ELSE typcollation::text END
FROM pg_type
WHERE typnamespace IN ('pg_catalog'::regnamespace, 'information_schema'::regnamespace)
    AND NOT (typelem <> 0 AND typname LIKE '\_%')
    AND (typrelid = 0 OR typnamespace = 'pg_catalog'::regnamespace);

SELECT 'casts', pg_temp.type_name(castsource), pg_temp.type_name(casttarget), castcontext, castmethod
FROM pg_cast;

SELECT 'relations', relnamespace::regnamespace, relname, string_agg(attname || ':' || pg_temp.type_name(atttypid), ' ' ORDER BY attnum)
FROM pg_class JOIN pg_attribute ON attrelid = pg_class.oid
WHERE relnamespace IN ('pg_catalog'::regnamespace, 'information_schema'::regnamespace)
    AND relkind IN ('r', 'v') AND attnum > 0 AND NOT attisdropped
GROUP BY relnamespace, relname;

SELECT 'operator_classes', '-', amname, opcname, pg_temp.type_name(opcintype), CASE WHEN opcdefault THEN 'default' ELSE '-' END
FROM pg_opclass JOIN pg_am ON pg_am.oid = opcmethod
WHERE opcnamespace = 'pg_catalog'::regnamespace;

-- What is held on objects that the server or an extension makes where it is not the rule: nothing but what `acldefault`
-- gives, and SELECT for everybody on relations of pg_catalog and information_schema. The owner is left out.
CREATE FUNCTION pg_temp.held(privileges aclitem[], owner oid) RETURNS text LANGUAGE sql STABLE AS $$
    SELECT coalesce(string_agg(holder || ':' || names, ' ' ORDER BY holder), '-')
    FROM (
        SELECT CASE grantee WHEN 0 THEN 'PUBLIC' ELSE pg_get_userbyid(grantee)::text END AS holder,
            string_agg(privilege_type || CASE WHEN is_grantable THEN '*' ELSE '' END, ',' ORDER BY privilege_type) AS names
        FROM aclexplode(nullif(privileges, '{}'))
        WHERE grantee <> owner
        GROUP BY grantee
    ) AS holders
$$;

WITH objects (class, object, part, schema, kind, name, arguments, privileges, standard, owner) AS (
    SELECT 'pg_class'::regclass, oid, 0, relnamespace, 'relation', relname::text, '-', relacl,
        acldefault(CASE relkind WHEN 'S' THEN 's' ELSE 'r' END::"char", relowner), relowner
    FROM pg_class WHERE relkind IN ('r', 'v', 'm', 'f', 'p', 'S')
    UNION ALL
    SELECT 'pg_class'::regclass, attrelid, attnum, relnamespace, 'column', relname || '.' || attname, '-', attacl, NULL, relowner
    FROM pg_attribute JOIN pg_class ON pg_class.oid = attrelid WHERE attacl IS NOT NULL
    UNION ALL
    SELECT 'pg_proc'::regclass, oid, 0, pronamespace, 'function', proname::text,
        coalesce((
            SELECT string_agg(pg_temp.type_name(argument), ' ' ORDER BY place)
            FROM unnest(proargtypes) WITH ORDINALITY AS arguments (argument, place)
        ), '-'),
        proacl, acldefault('f', proowner), proowner
    FROM pg_proc
    UNION ALL
    SELECT 'pg_type'::regclass, oid, 0, typnamespace, 'type', typname::text, '-', typacl, acldefault('T', typowner), typowner
    FROM pg_type WHERE typrelid = 0
    UNION ALL
    SELECT 'pg_namespace'::regclass, oid, 0, 0, 'schema', nspname::text, '-', nspacl, acldefault('n', nspowner), nspowner
    FROM pg_namespace WHERE nspname IN ('pg_catalog', 'information_schema')
    UNION ALL
    SELECT 'pg_language'::regclass, oid, 0, 0, 'language', lanname::text, '-', lanacl, acldefault('l', lanowner), lanowner
    FROM pg_language
    UNION ALL
    SELECT 'pg_foreign_data_wrapper'::regclass, oid, 0, 0, 'foreign-data wrapper', fdwname::text, '-', fdwacl, acldefault('F', fdwowner), fdwowner
    FROM pg_foreign_data_wrapper
), ruled AS (
    SELECT coalesce(extname, '-') AS extension, schema, kind,
        CASE WHEN schema = 'information_schema'::regnamespace THEN 'information_schema.' ELSE '' END || name AS name, arguments,
        pg_temp.held(coalesce(privileges, standard), owner) AS held,
        CASE
            WHEN extname IS NULL AND kind = 'relation' THEN 'PUBLIC:SELECT'
            ELSE pg_temp.held(standard, owner)
        END AS rule
    FROM objects
    LEFT JOIN pg_depend ON classid = class AND objid = object AND objsubid = 0 AND deptype = 'e'
    LEFT JOIN pg_extension ON pg_extension.oid = refobjid AND refclassid = 'pg_extension'::regclass AND extname <> 'plpgsql'
)
SELECT 'initial_privileges', extension, kind, name, arguments, held
FROM ruled
WHERE held <> rule
    AND (extension <> '-' OR schema IN (0, 'pg_catalog'::regnamespace, 'information_schema'::regnamespace));
