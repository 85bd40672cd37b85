{#- The rows of a table as they were known at the position `known_at` of the log, by default as they are known now. -#}
{% macro as_known(table) -%}
(
    select * from {{ source('spondyl', table ~ '_history') }}
    where _known_from_position <= {{ var('known_at') }}
      and (_known_to_position is null or _known_to_position > {{ var('known_at') }})
)
{%- endmacro %}
