"""What the databases say in different words, in the statements of the audit."""

_MICROSECONDS = (
    "(strftime('%%s', substr({0}, 1, 19)) * 1000000"
    " + CAST(substr({0} || '000000', 21, 6) AS integer))"
)

# `tags` are the keys of a clip's tags, in order; `purged_takes` are those that a job had, with
# `review` and `milliseconds` of one of them, where none is left (t); `purged` is how many they are.
WORDS = {
    "sqlite": {
        "tags": "(SELECT group_concat(tag_id) FROM (SELECT tag_id FROM studio_tag_clips"
        " WHERE clip_id = c.id ORDER BY tag_id))",
        "purged_takes": "json_each(CASE WHEN t.id IS NULL THEN j.purged_takes END)",
        "purged": "json_array_length(j.purged_takes)",
        "review": "json_extract(p.value, '$[0]')",
        "milliseconds": "json_extract(p.value, '$[1]')",
        "seconds": f"({_MICROSECONDS.format('ended_at')} - {_MICROSECONDS.format('started_at')})"
        " / 1000000.0",
    },
    "postgresql": {
        "tags": "(SELECT string_agg(CAST(tag_id AS text), ',' ORDER BY tag_id)"
        " FROM studio_tag_clips WHERE clip_id = c.id)",
        "purged_takes": "LATERAL (SELECT value, number - 1 AS key FROM jsonb_array_elements("
        "CASE WHEN t.id IS NULL AND jsonb_typeof(j.purged_takes) = 'array' THEN j.purged_takes END"
        ") WITH ORDINALITY AS one (value, number))",
        "purged": "CASE WHEN jsonb_typeof(j.purged_takes) = 'array'"
        " THEN jsonb_array_length(j.purged_takes) END",
        "review": "(p.value ->> 0)",
        "milliseconds": "CAST(p.value ->> 1 AS bigint)",
        "seconds": "CAST(EXTRACT(EPOCH FROM ended_at - started_at) AS double precision)",
    },
}
