select patient, treatment_id, agent, drug_class, started_on, stopped_on
from {{ source('spondyl', 'treatments') }}
