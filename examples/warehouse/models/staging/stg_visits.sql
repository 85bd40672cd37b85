select patient, visit_id, visited_on, visit
from {{ source('spondyl', 'visits') }}
