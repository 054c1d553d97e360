"""Members of staff: who they are, and at which centres they may do what. In FHIR's words PractitionerRoles."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NewType

from domain.centres import CentreId
from domain.patients import ContactId
from domain.staff.rights import INVITES, RIGHTS, Right, Role

StaffId = NewType("StaffId", int)


@dataclass(frozen=True, slots=True)
class Post:
    """A role at a centre, or at all centres where none is named."""

    role: Role
    centre: CentreId | None = None

    def covers(self, centre: CentreId | None) -> bool:
        """Say whether this is a post at a centre; with None, at all of them."""
        return self.centre is None or self.centre == centre


@dataclass(frozen=True, slots=True, kw_only=True)
class Member:
    """Somebody who works at centres, and the contact by which they joined; *group*: they speak in a team's chat."""

    id: StaffId
    name: str
    contact: ContactId
    posts: tuple[Post, ...]
    is_in_group: bool = False

    def may(self, right: Right, centre: CentreId | None) -> bool:
        """Say whether a right is theirs at a centre; with None, at all centres."""
        return any(right in RIGHTS[post.role] and post.covers(centre) for post in self.posts)

    def may_somewhere(self, right: Right) -> bool:
        """Say whether a right is theirs anywhere."""
        return any(right in RIGHTS[post.role] for post in self.posts)

    def may_appoint(self, role: Role, centre: CentreId | None) -> bool:
        """Say whether they may give a post, or end one."""
        return any(role in INVITES[post.role] and post.covers(centre) for post in self.posts)

    def centres(self, right: Right) -> frozenset[CentreId] | None:
        """Return at which centres a right is theirs; None for all."""
        found = [post.centre for post in self.posts if right in RIGHTS[post.role]]
        return None if None in found else frozenset(centre for centre in found if centre is not None)
