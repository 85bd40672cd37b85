{{ config(materialized='view') }}
-- Both clocks: each CRP on its clinical day, as it was known at the position `known_at`.
select v.patient, v.visited_on, v.visit, m.value as crp, m.unit, m._known_from as recorded_at
from {{ as_known('measures') }} as m
join {{ as_known('visits') }} as v using (patient, visit_id)
where m.measure = 'crp' and not m.derived
