"""The domain of booking care, in FHIR's words; may import nothing of the other packages.

| here                        | FHIR                                          |
| --------------------------- | --------------------------------------------- |
| centre                      | Location                                      |
| programme                   | HealthcareService with its Questionnaire      |
| criterion                   | Questionnaire.item and what its answers mean  |
| weekly rule, exception      | Schedule                                      |
| slot                        | Slot (status free, busy, busy-unavailable)    |
| patient, household member   | Patient, RelatedPerson                        |
| contact                     | Patient.telecom: a channel and an address     |
| appointment, hold           | Appointment (a hold has status pending)       |
| outgoing message            | Communication                                 |
| task                        | Task: work for the staff                      |
| audit event                 | AuditEvent                                    |

Rules are pure: the time is an argument (*now*, *today*), nothing is read or written. Commands are carried
out by `domain.handlers` over the ports of `domain.ports`; only `domain.store` speaks SQL.
"""
