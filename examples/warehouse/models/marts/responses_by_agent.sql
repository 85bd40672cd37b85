select agent, criterion, count(*) as judged, count(met) as answered, count(*) filter (where met) as responded
from {{ ref('stg_responses') }} join {{ ref('stg_treatments') }} using (patient, treatment_id)
group by agent, criterion
order by agent, criterion
