"""One unit of work over a connection that the caller commits, with all that can be asked of it."""

from __future__ import annotations

from sqlalchemy.ext.asyncio import AsyncConnection

from domain.store.alternatives import SqlAlternatives
from domain.store.appointments import SqlAppointments
from domain.store.centres import SqlCentres
from domain.store.closings import SqlClosings
from domain.store.codes import SqlCodes
from domain.store.communications import SqlCommunications
from domain.store.displacements import SqlDisplacements
from domain.store.joining import SqlJoining
from domain.store.losses import SqlLosses
from domain.store.mails import SqlMails
from domain.store.people import SqlPeople
from domain.store.proofs import SqlProofs
from domain.store.recommendations import SqlRecommendations
from domain.store.reminders import SqlReminders
from domain.store.staff_visits import SqlStaffVisits
from domain.store.staffing import SqlStaffing
from domain.store.stamp import Stamp
from domain.store.stock import SqlStock
from domain.store.week import SqlWeek


class Work:
    """The ports of `domain.ports` on one connection."""

    def __init__(self, connection: AsyncConnection, stamp: Stamp) -> None:
        self.appointments = SqlAppointments(connection, stamp)
        self.people = SqlPeople(connection, stamp)
        self.centres = SqlCentres(connection)
        self.stock = SqlStock(connection)
        self.recommendations = SqlRecommendations(connection, stamp)
        self.reminders = SqlReminders(connection, stamp)
        self.codes = SqlCodes(connection, stamp)
        self.proofs = SqlProofs(connection, stamp)
        self.joining = SqlJoining(connection, stamp)
        self.communications = SqlCommunications(connection, stamp)
        self.mails = SqlMails(connection, stamp)
        self.staffing = SqlStaffing(connection, stamp)
        self.staff_visits = SqlStaffVisits(connection, stamp)
        self.closings = SqlClosings(connection, stamp)
        self.displacements = SqlDisplacements(connection, stamp)
        self.alternatives = SqlAlternatives(connection)
        self.week = SqlWeek(connection, stamp)
        self.losses = SqlLosses(connection, stamp)
