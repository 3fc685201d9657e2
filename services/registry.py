"""The one registry: every service of the program, and through it every command with its roles, schema and rules."""

from __future__ import annotations

from collections.abc import Mapping

from services.deciding import Service
from services.decision.worker import DECISION
from services.eligibility.worker import ELIGIBILITY
from services.intake.worker import INTAKE
from services.jury.worker import JURY
from services.payment.worker import PAYMENT

SERVICES: Mapping[str, Service] = {service.name: service for service in (INTAKE, ELIGIBILITY, JURY, DECISION, PAYMENT)}
"""In the order in which a case meets them."""
