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
