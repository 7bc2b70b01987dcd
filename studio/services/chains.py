"""Chains: takes that continue each other, played as one film and made into one file."""

import hashlib
import json
from collections.abc import Sequence

from django.db import transaction

from studio import permissions, tasks
from studio.core.errors import NothingToJoin
from studio.models import Chain, Clip, Member, Take
from studio.pipeline import chains
from studio.pipeline.chains import Link

# More than anybody has made; so many are looked up one after the other.
MOST_LINKS = 50


def links_to(take: Take) -> list[Link]:
    """From the first take that nothing came before to this one; at most MOST_LINKS, the last."""
    known = Take.objects.select_related("clip", "job", "video", "poster")
    takes = [take]
    while (before := takes[0].clip.came_from_id) and len(takes) < MOST_LINKS:
        takes.insert(0, known.get(pk=before))
    return chains.links(takes)


def newest_take(clip: Clip) -> Take | None:
    known = Take.objects.filter(clip=clip).select_related("clip", "job", "video", "poster")
    return known.order_by("-number").first()


def film_of(links: Sequence[Link]) -> Chain | None:
    """What has been asked for of exactly these links."""
    team = links[0].take.clip.team_id
    return Chain.objects.filter(team=team, key=_key(links)).select_related("asset").first()


def ask(member: Member, take: Take) -> Chain:
    """Have the chain that ends with this take made into one file; again after a problem.

    Raises NotAllowed, NothingToJoin.
    """
    permissions.require(permissions.can_join(member, take.clip), "export takes as one file")
    links = links_to(take)
    if len(links) < 2:
        raise NothingToJoin("This take continues no other one, so there is nothing to join.")
    with transaction.atomic():
        chain, _ = Chain.objects.get_or_create(
            team_id=member.team_id, key=_key(links),
            defaults={"takes": [link.take.pk for link in links], "asked_by": member},
        )  # fmt: skip
        failed = Chain.objects.filter(pk=chain.pk).exclude(problem="")
        failed.update(problem="", tries=0, progress=0)
        transaction.on_commit(lambda: tasks.hint_join(chain.pk))
    chain.refresh_from_db()
    return chain


def _key(links: Sequence[Link]) -> str:
    told = [[link.take.pk, link.frames] for link in links]
    return hashlib.sha256(json.dumps(told).encode()).hexdigest()
