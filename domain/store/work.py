"""One unit of work over a connection that the caller commits, with all that can be asked of it."""

from __future__ import annotations

from sqlalchemy.ext.asyncio import AsyncConnection

from domain.store.alternatives import SqlAlternatives
from domain.store.appointments import SqlAppointments
from domain.store.broadcasts import SqlBroadcasts
from domain.store.centres import SqlCentres
from domain.store.choosing import SqlPractitioners
from domain.store.closings import SqlClosings
from domain.store.codes import SqlCodes
from domain.store.communications import SqlCommunications
from domain.store.digests import SqlDigests
from domain.store.displacements import SqlDisplacements
from domain.store.handovers import SqlHandovers
from domain.store.joining import SqlJoining
from domain.store.losses import SqlLosses
from domain.store.mails import SqlMails
from domain.store.people import SqlPeople
from domain.store.practitioner_shifts import SqlPractitionerShifts
from domain.store.proofs import SqlProofs
from domain.store.recommendations import SqlRecommendations
from domain.store.reminders import SqlReminders
from domain.store.reports import SqlReports
from domain.store.servings import SqlServings
from domain.store.staff_day import SqlStaffDay
from domain.store.staff_requests import SqlStaffRequests
from domain.store.staff_visits import SqlStaffVisits
from domain.store.staffing import SqlStaffing
from domain.store.stamp import Stamp
from domain.store.stock import SqlStock
from domain.store.stock_book import SqlStockBook
from domain.store.tasks import SqlTasks
from domain.store.walk_ins import SqlWalkIns
from domain.store.week import SqlWeek


class Work:
    """The ports of `domain.ports` on one connection."""

    def __init__(self, connection: AsyncConnection, stamp: Stamp) -> None:
        self.appointments = SqlAppointments(connection, stamp)
        self.people = SqlPeople(connection, stamp)
        self.centres = SqlCentres(connection)
        self.stock = SqlStock(connection)
        self.practitioners = SqlPractitioners(connection)
        self.recommendations = SqlRecommendations(connection, stamp)
        self.reminders = SqlReminders(connection, stamp)
        self.codes = SqlCodes(connection, stamp)
        self.proofs = SqlProofs(connection, stamp)
        self.joining = SqlJoining(connection, stamp)
        self.communications = SqlCommunications(connection, stamp)
        self.mails = SqlMails(connection, stamp)
        self.staffing = SqlStaffing(connection, stamp)
        self.staff_visits = SqlStaffVisits(connection, stamp)
        self.staff_day = SqlStaffDay(connection)
        self.digests = SqlDigests(connection, stamp)
        self.servings = SqlServings(connection, stamp)
        self.stock_book = SqlStockBook(connection, stamp)
        self.walk_ins = SqlWalkIns(connection, stamp)
        self.tasks = SqlTasks(connection, stamp)
        self.handovers = SqlHandovers(connection, stamp)
        self.reports = SqlReports(connection, stamp)
        self.broadcasts = SqlBroadcasts(connection, stamp)
        self.shifts = SqlPractitionerShifts(connection, stamp)
        self.staff_requests = SqlStaffRequests(connection)
        self.closings = SqlClosings(connection, stamp)
        self.displacements = SqlDisplacements(connection, stamp)
        self.alternatives = SqlAlternatives(connection)
        self.week = SqlWeek(connection, stamp)
        self.losses = SqlLosses(connection, stamp)
