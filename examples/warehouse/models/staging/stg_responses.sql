select patient, treatment_id, visit_id, visited_on, criterion, met
from {{ source('spondyl', 'responses') }}
