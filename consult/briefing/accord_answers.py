"""What the data say to the lines of the ACCORD checklist, one sentence or two each."""

from collections import Counter
from collections.abc import Callable

from consult.briefing.context import BriefingContext
from consult.briefing.rated_measures import ORDER, RatedMeasures
from consult.briefing.rulewords import evidence_line, feedback_lines
from consult.briefing.summary import design, panel_words
from consult.fates import Fate


class Answers:
    """By key of a line; an empty text where the data say nothing."""

    def __init__(self, ctx: BriefingContext, standings: RatedMeasures | None) -> None:
        self.ctx, self.standings = ctx, standings

    def of(self, key: str) -> str:
        """The answer to a line."""
        made: Callable[[], str] | None = getattr(self, f"_{key.lower()}", None)
        return made() if made is not None else ""

    def source(self, key: str) -> str:
        """The source of the numbers in an answer."""
        _ = self.ctx.t.gettext
        if key in ("M4", "R3"):
            return self.ctx.cite("participation", _("Participation by stage, as frozen"))
        if key == "M1" and self.ctx.given.registration:
            words = _("The protocol as locked when the first round opened")
            return self.ctx.cite("registration", words)
        if key in ("R4", "M13"):
            words = _("Verdicts of the last round in which each measure was rated")
            return self.ctx.cite("verdicts", words)
        if key in ("M8", "R5"):
            return self.ctx.cite("definition measures", _("The published list of measures"))
        if key in ("M17", "M18"):
            return self.ctx.cite("protocol", _("The protocol of the consultation"))
        if key in ("R1", "R2"):
            return self.ctx.cite("deviations", _("The log of departures from the plan"))
        return ""

    def _t1(self) -> str:
        words = {"title": self.ctx.read(self.ctx.definition.title), "design": design(self.ctx)}
        return self.ctx.t.gettext("Title: “%(title)s”. Method: %(design)s.") % words

    def _i2(self) -> str:
        return self.ctx.t.gettext("The aim as the panel was told it stands in section 2.")

    def _m1(self) -> str:
        _, registration = self.ctx.t.gettext, self.ctx.given.registration
        if registration is None:
            return _("Not registered.")
        return _(
            "Registered in the system on %(date)s, before the first round; the digest stands under “Design and rule”."
        ) % {"date": registration["date"]}

    def _m2(self) -> str:
        words = {
            "organiser": self.ctx.read(self.ctx.definition.organiser),
            "name": self.ctx.read(self.ctx.definition.contact.name),
        }
        return self.ctx.t.gettext("Organiser: %(organiser)s; contact: %(name)s.") % words

    def _m3(self) -> str:
        _, attributes = self.ctx.t.gettext, self.ctx.definition.panel.attributes
        if not attributes:
            return panel_words(self.ctx)
        named = ", ".join(self.ctx.read(item.label) for item in attributes)
        return _("Declared of every expert: %(attributes)s.") % {"attributes": named}

    def _m4(self) -> str:
        words = self.ctx.t.ngettext(
            "%(count)d expert was invited, by a personal link.",
            "%(count)d experts were invited, each by a personal link.",
            self.ctx.panel_size,
        )
        return words % {"count": self.ctx.panel_size}

    def _m5(self) -> str:
        groups = self.ctx.definition.panel.reporting_groups
        if groups is None:
            return ""
        named = ", ".join(self.ctx.read(item.label) for item in groups.groups)
        return self.ctx.t.gettext("Groups of the panel: %(groups)s.") % {"groups": named}

    def _m6(self) -> str:
        found = self.ctx.definition.sources
        if not found:
            return ""
        return self.ctx.t.ngettext(
            "%(count)d published source was used to draft the measures.",
            "%(count)d published sources were used to draft the measures.",
            len(found),
        ) % {"count": len(found)}

    def _m8(self) -> str:
        if self.standings is None:
            return ""
        own = sum(bool(item.evidence) for item in self.standings.all)
        count = self.ctx.t.ngettext(
            "%(own)d of %(count)d measure has a dated piece of evidence.",
            "%(own)d of %(count)d measures have dated evidence.",
            len(self.standings.all),
        ) % {"own": own, "count": len(self.standings.all)}
        return " ".join(filter(None, (count, evidence_line(self.ctx))))

    def _m9(self) -> str:
        steps = "; ".join(self.ctx.read(stage.title) for stage in self.ctx.given.stages)
        words = {"design": design(self.ctx), "steps": steps}
        return self.ctx.t.gettext("Design: %(design)s. Steps: %(steps)s.") % words

    def _m10(self) -> str:
        _ = self.ctx.t.gettext
        if self.standings is None:
            return _("The questions and their options are in the codebook.")
        parts = [
            f"{self.ctx.read(one.label)} ({scale.min}–{scale.max})"
            for one in self.standings.content.criteria
            if (scale := self.standings.scale(one))
        ]
        words = _("Each measure was rated on: %(criteria)s.") % {"criteria": ", ".join(parts)}
        if self.standings.content.comment is not None:
            words += " " + _("A reason could be given, none was demanded.")
        return words

    def _m11(self) -> str:
        return self.ctx.t.gettext("The name of each step says what it was for; see line M9.")

    def _m12(self) -> str:
        if self.standings is None:
            return ""
        return self.ctx.t.gettext("Fixed before the first round; in words under “Design and rule”.")

    def _m13(self) -> str:
        if self.standings is None:
            return ""
        fates = [fate for item in self.ctx.given.measures for fate in item.fates]
        settled = sum(fate["fate"] == Fate.SETTLED for fate in fates)
        return self.ctx.t.ngettext(
            "Settled measures are not rated again; %(count)d was settled.",
            "Settled measures are not rated again; %(count)d were settled.",
            settled,
        ) % {"count": settled}

    def _m14(self) -> str:
        _ = self.ctx.t.gettext
        words = _("Every expert answered alone, in the questionnaire.")
        if any(stage.kind == "event" for stage in self.ctx.given.stages):
            words += " " + _("The group met at the event; nothing was rated there.")
        return words

    def _m15(self) -> str:
        versions = {stage.numbers.analysis_version for stage in self.ctx.given.stages if stage.numbers is not None}
        if not versions:
            return ""
        return self.ctx.t.gettext(
            "Computed by the analysis, version %(version)s; anyone with the answers can recompute the frozen results."
        ) % {"version": ", ".join(sorted(versions))}

    def _m17(self) -> str:
        if self.standings is None:
            return self.ctx.t.gettext("None: there were no rating rounds.")
        return " ".join(feedback_lines(self.ctx))

    def _m18(self) -> str:
        floor = self.ctx.definition.protocol.disclosure
        return self.ctx.t.gettext(
            "What is released carries no name. A distribution is shown from %(distribution)d "
            "answers, a median from %(median)d, a group from %(subgroup)d in every cell."
        ) % {"distribution": floor.distribution, "median": floor.median, "subgroup": floor.subgroup}

    def _m19(self) -> str:
        return self.ctx.t.gettext("Verdicts follow from the registered rule alone.")

    def _m21(self) -> str:
        from_code = {"en": self.ctx.t.gettext("English"), "ru": self.ctx.t.gettext("Russian")}
        named = ", ".join(from_code.get(code, code) for code in self.ctx.definition.languages)
        return self.ctx.t.gettext("Languages: %(languages)s.") % {"languages": named}

    def _r1(self) -> str:
        moved = sum(item["kind"] == "close moved" for item in self.ctx.given.deviations)
        return self.ctx.t.ngettext(
            "Dates in the table “Response by stage”; %(count)d close was moved.",
            "Dates in the table “Response by stage”; %(count)d closes were moved.",
            moved,
        ) % {"count": moved}

    def _r2(self) -> str:
        count = len(self.ctx.given.deviations)
        return self.ctx.t.ngettext(
            "%(count)d departure was logged; see “Departures from the plan”.",
            "%(count)d departures were logged; see “Departures from the plan”.",
            count,
        ) % {"count": count}

    def _r3(self) -> str:
        _ = self.ctx.t.gettext
        parts = [
            _("%(stage)s: %(submitted)d of %(invited)d")
            % {
                "stage": self.ctx.read(stage.title),
                "submitted": stage.participation.submitted or 0,
                "invited": stage.participation.invited or 0,
            }
            for stage in self.ctx.given.stages
            if stage.participation is not None and stage.kind != "event"
        ]
        return "; ".join(parts) + "." if parts else ""

    def _r4(self) -> str:
        if self.standings is None or not self.standings.all:
            return ""
        kinds = Counter(item.kind for item in self.standings.all)
        names = self.standings.classes
        said = [f"{names.status_name(kind)}: {kinds[kind]}" for kind in ORDER if kinds[kind]]
        return "; ".join(said) + "."

    def _r5(self) -> str:
        measures = self.ctx.given.measures
        fates = Counter(fate["fate"] for item in measures for fate in item.fates)
        return self.ctx.t.gettext(
            "New wordings: %(reworded)d; merged: %(merged)d; not taken further: %(dropped)d; "
            "added: %(added)d. Each with its reason in “History of the measures”."
        ) % {**{fate.value: fates[fate] for fate in Fate}, "reworded": sum(len(item.versions) - 1 for item in measures)}

    def _d1(self) -> str:
        return self.ctx.t.gettext("Limits that the data show stand under “Limits”.")

    def _o3(self) -> str:
        disclaimer = self.ctx.definition.disclaimer
        return self.ctx.read(disclaimer) if disclaimer is not None else ""
