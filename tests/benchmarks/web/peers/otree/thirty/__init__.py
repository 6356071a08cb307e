"""An app for oTree: a page of thirty items from 1 to 9, and one that thanks."""

from typing import ClassVar

from otree.api import BaseConstants, BaseGroup, BasePlayer, BaseSubsession, Page, models, widgets

ITEMS = {f"i{number:02}": f"How much does item {number} matter here?" for number in range(1, 31)}


def item(text: str) -> models.IntegerField:
    """A field of that text, to be answered by one of nine buttons in a row."""
    return models.IntegerField(label=text, choices=list(range(1, 10)), widget=widgets.RadioSelectHorizontal)


class C(BaseConstants):
    NAME_IN_URL = "thirty"
    PLAYERS_PER_GROUP = None
    NUM_ROUNDS = 1


class Subsession(BaseSubsession):
    pass


class Group(BaseGroup):
    pass


class Player(BasePlayer):
    vars().update({name: item(text) for name, text in ITEMS.items()})


class Items(Page):
    form_model = "player"
    form_fields: ClassVar[list[str]] = list(ITEMS)


class Thanks(Page):
    pass


page_sequence = [Items, Thanks]
