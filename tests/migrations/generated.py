"""Generated consultations, by revision: what a live database may hold when that revision is head.

A revision that makes tables or columns adds its own function to `FILL`, written in the words of
its time. Earlier functions stay as they are: they put in what is to survive.
"""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from itertools import product

Put = Callable[..., int]
"""`put(table, **values)` inserts one row and returns its number."""

BEGIN = datetime(2020, 6, 1, 9, 30, 15, 123456, tzinfo=UTC)
TEXT = "Mūzika & «театр»: 100 % 'free'; -- \"кавычки\"\n второй абзац :x %s"
JSON = '{"en":"Digital skills","lv":"Digitālās prasmes","ru":"Цифровые навыки"}'
EXPERTS = 3
STATES = (*("dont_know", "not_my_field", "not_in_my_country", "abstained"), *("skipped", "blank", "not_reached"))


def fill_0001(put: Put) -> None:
    """Two consultations with everything that the first version knows."""
    account = put(
        "account",
        email="facilitator@example.org",
        name="Żaneta Ķirse",
        is_active=True,
        password_hash=None,
        created_at=BEGIN,
    )
    put("account_link", account_id=account, token_hash="a" * 64, expires_at=BEGIN, used_at=None)
    put("session", token_hash="b" * 64, account_id=account, created_at=BEGIN, expires_at=BEGIN)
    for number in (1, 2):
        Consultation0001(put, number, account).fill()


class Consultation0001:
    """One consultation at revision 0001; `number` tells two apart."""

    def __init__(self, put: Put, number: int, account: int) -> None:
        self.number = number
        self.account = account
        self._put = put
        self.id = put("consultation", slug=f"inquiry-{number}", zone="Europe/Riga", schedule="plan-a", created_at=BEGIN)

    def put(self, table: str, **values: object) -> int:
        return self._put(table, consultation_id=self.id, **values)

    def hash(self, *words: object) -> str:
        return "".join(map(str, (self.number, *words))).ljust(64, "0")[:64]

    def fill(self) -> None:
        self.fill_protocol()
        self.fill_event()
        self.fill_panel()
        self.fill_measures()
        for expert, stage in product(self.experts, self.stages):
            self.fill_submission(expert, stage)
        self.fill_results()

    def fill_protocol(self) -> None:
        for version in (1, 2):
            self.put("definition", version=version, digest=self.hash(version), content=TEXT, published_at=BEGIN)
        self.stages = [
            self.put(
                "stage",
                key=f"{kind}-{position}",
                kind=kind,
                position=position,
                round_number=round_number,
                opens_at=BEGIN,
                opened_at=BEGIN,
                closes_at=BEGIN + timedelta(days=position),
                closed_at=None,
            )
            for position, (kind, round_number) in enumerate(
                [("survey", None), ("event", None), ("round", 1), ("round", 2)], start=1
            )
        ]
        self.put("registration", digest=self.hash("p"), protocol=JSON, locked_at=BEGIN)
        self.put("deviation", stage_key=None, kind="late", facts=JSON, reason=TEXT, noted_at=BEGIN)
        self.variables = [
            self.put(
                "variable",
                key=f"PRE-{number}.other",
                question=f"PRE-{number}",
                labels="[]",
                level="ordinal",
                scale=None,
                text=JSON,
                disclosure="open",
            )
            for number in range(1, 10)
        ]

    def fill_event(self) -> None:
        self.put("membership", account_id=self.account, role="facilitator")
        self.put(
            "journal",
            number=1,
            at=BEGIN,
            actor="facilitator@example.org",
            act="publish",
            facts=JSON,
            previous_hash="0" * 64,
            hash=self.hash("j"),
        )
        teams = [self.put("team", key=key, label=JSON) for key in ("team-1", "team-2")]
        self.put("note", team_id=teams[0], topic="needs", text=TEXT, revision=1, written_at=BEGIN)

    def fill_panel(self) -> None:
        self.experts = [self.put_expert(place) for place in range(EXPERTS)]

    def put_expert(self, place: int) -> int:
        expert = self.put(
            "expert",
            code=f"E{place}",
            pseudonym=f"p{place}",
            language="lv",
            attributes=JSON,
            reporting_group=None if place else "south",
            withdrawn_at=None if place else BEGIN,
        )
        if place == EXPERTS - 1:
            return expert  # Somebody of whom only the answers are known.
        self.put(
            "contact",
            expert_id=expert,
            name=f"Åsa Ņ. {place}",
            email=f"{place}@example.org",
            reminders_stopped_at=BEGIN if place else None,
        )
        self.put("secretariat_answer", expert_id=expert, question="PRE-99", inputs=JSON, given_at=BEGIN)
        self.put("invitation", expert_id=expert, token_hash=self.hash("i", place), created_at=BEGIN, revoked_at=None)
        self.put(
            "consent", expert_id=expert, version="1", text_hash=self.hash("c"), is_given=bool(place), said_at=BEGIN
        )
        self.put(
            "session",
            expert_id=expert,
            token_hash=self.hash("s", place),
            created_at=BEGIN,
            expires_at=BEGIN,
            revoked_at=None,
        )
        for number, state in enumerate(("queued", "claimed", "sent", "failed", "uncertain")):
            self.put(
                "message",
                expert_id=expert,
                purpose="invite",
                stage_key="pre-event",
                number=number,
                message_id=f"<{self.number}.{expert}.{number}@example.org>",
                subject=TEXT,
                body=None,
                state=state,
                error=None,
                queued_at=BEGIN,
                sent_at=None,
            )
        return expert

    def fill_measures(self) -> None:
        measures = [self.put("measure", key=f"M{place:02}", theme="skills", position=place) for place in range(1, 5)]
        self.versions = [
            self.put(
                "measure_version",
                measure_id=measure,
                number=1,
                content=JSON,
                is_pairable=False,
                reason=None,
                made_at=BEGIN,
            )
            for measure in measures[:-1]
        ]
        self.measures = measures
        self.put("stage_measure", stage_id=self.stages[2], measure_version_id=self.versions[0], position=1)
        for fate in ("carried", "settled", "dropped", "merged", "reworded", "added"):
            into = measures[1] if fate == "merged" else None
            self.put(
                "measure_fate",
                stage_id=self.stages[2],
                measure_id=measures[0],
                fate=fate,
                into_measure_id=into,
                reason=TEXT,
                decided_at=BEGIN,
            )

    def fill_submission(self, expert: int, stage: int) -> None:
        self.put("draft", stage_id=stage, expert_id=expert, name="item-PRE-1", values='["a"]', revision=1)
        submission = self.put(
            "submission",
            stage_id=stage,
            expert_id=expert,
            number=1,
            idempotency_key="k",
            receipt=f"{self.number}-{stage}-{expert}",
            channel="web",
            is_late=True,
            submitted_at=BEGIN,
        )
        if stage == self.stages[-1]:
            return  # Submissions without answers, proposals or comments.
        values: list[dict[str, object]] = [
            {"value": 2**40},
            {"text": TEXT},
            *(dict[str, object](state=state) for state in STATES),
        ]
        for variable, value in zip(self.variables, values, strict=True):
            self.put(
                "answer", submission_id=submission, variable_id=variable, measure_version_id=self.versions[0], **value
            )
        self.put(
            "comment",
            submission_id=submission,
            measure_id=self.measures[0],
            kind="reason",
            text=TEXT,
            language="ru",
            moderation="withheld",
            moderated=None,
            reason=TEXT,
        )
        self.put(
            "proposal",
            stage_id=stage,
            expert_id=expert,
            title=TEXT,
            text=TEXT,
            language="ru",
            fate="merged",
            measure_id=self.measures[1],
            reason=None,
        )

    def fill_results(self) -> None:
        results = [
            self.put(
                "result",
                stage_id=self.stages[2],
                number=number,
                digest=self.hash("r"),
                protocol_digest=self.hash("p"),
                analysis_version="1",
                content=TEXT,
                row_seed=self.hash("x"),
                correction=None if number == 1 else TEXT,
                frozen_at=BEGIN,
            )
            for number in (1, 2)
        ]
        self.put(
            "release",
            result_id=results[0],
            kind="numbers",
            number=1,
            content=JSON,
            digest=self.hash("l"),
            released_at=BEGIN,
        )
        self.put(
            "shown",
            expert_id=self.experts[0],
            stage_id=self.stages[2],
            form="bars",
            measure_version_id=self.versions[0],
            result_id=results[0],
            shown_at=BEGIN,
        )


def fill_0002(put: Put) -> None:
    """A frozen round that remembers who stood behind its tables."""
    held = put("consultation", slug="inquiry-3", zone="Europe/Riga", schedule="plan-a", created_at=BEGIN)
    stage = put(
        "stage",
        consultation_id=held,
        key="round-1",
        kind="round",
        position=1,
        round_number=1,
        opens_at=BEGIN,
        opened_at=BEGIN,
        closed_at=BEGIN,
        closes_at=BEGIN + timedelta(days=1),
    )
    result = put(
        "result",
        consultation_id=held,
        stage_id=stage,
        number=1,
        digest="d" * 64,
        protocol_digest="p" * 64,
        analysis_version="1",
        content=TEXT,
        row_seed="x" * 64,
        correction=None,
        frozen_at=BEGIN,
    )
    put("population", consultation_id=held, result_id=result, tables='[["round-1/M01.importance",[1,2,3]]]')


def fill_0003(put: Put) -> None:
    """Reasons and a proposal's title in several languages."""
    held = put("consultation", slug="inquiry-4", zone="Europe/Riga", schedule="plan-a", created_at=BEGIN)
    stage = put(
        "stage",
        consultation_id=held,
        key="round-1",
        kind="round",
        position=1,
        round_number=1,
        opens_at=BEGIN,
        opened_at=BEGIN,
        closed_at=BEGIN,
        closes_at=BEGIN + timedelta(days=1),
    )
    put(
        "deviation",
        consultation_id=held,
        stage_key="round-1",
        kind="closed early",
        facts=JSON,
        reason=TEXT,
        reason_in=JSON,
        noted_at=BEGIN,
    )
    measure = put("measure", consultation_id=held, key="M01", theme="A", position=1)
    put(
        "measure_version",
        consultation_id=held,
        measure_id=measure,
        number=1,
        content=JSON,
        is_pairable=True,
        reason=TEXT,
        reason_in=JSON,
        made_at=BEGIN,
    )
    put(
        "measure_fate",
        consultation_id=held,
        stage_id=stage,
        measure_id=measure,
        fate="dropped",
        into_measure_id=None,
        reason=TEXT,
        reason_in=JSON,
        decided_at=BEGIN,
    )
    put(
        "proposal",
        consultation_id=held,
        stage_id=stage,
        expert_id=None,
        title=TEXT,
        text=TEXT,
        language="lv",
        fate="withheld",
        measure_id=None,
        reason=TEXT,
        reason_in=JSON,
        title_in=JSON,
    )


def fill_0004(put: Put) -> None:
    """What has an address, each with its handle; the session is one of staff."""
    held = put("consultation", slug="inquiry-5", zone="Europe/Riga", schedule="plan-a", created_at=BEGIN)
    expert = put(
        "expert",
        consultation_id=held,
        code="E01",
        pseudonym="p-1",
        language="lv",
        attributes=JSON,
        reporting_group=None,
        withdrawn_at=None,
        handle="a" * 16,
    )
    put(
        "message",
        consultation_id=held,
        expert_id=expert,
        purpose="invitation",
        stage_key="",
        number=1,
        message_id="<handled@example.org>",
        subject=TEXT,
        body=TEXT,
        state="queued",
        error=None,
        queued_at=BEGIN,
        sent_at=None,
        handle="b" * 16,
    )
    stage = put(
        "stage",
        consultation_id=held,
        key="round-1",
        kind="round",
        position=1,
        round_number=1,
        opens_at=BEGIN,
        opened_at=BEGIN,
        closed_at=None,
        closes_at=BEGIN + timedelta(days=1),
    )
    put(
        "proposal",
        consultation_id=held,
        stage_id=stage,
        expert_id=expert,
        title=TEXT,
        text=TEXT,
        language="lv",
        fate="waiting",
        measure_id=None,
        reason=None,
        reason_in=None,
        title_in=None,
        handle="c" * 16,
    )


def fill_0006(put: Put) -> None:
    """A frozen round that remembers who stands in its row files, and one that has none."""
    held = put("consultation", slug="inquiry-6", zone="Europe/Riga", schedule="plan-a", created_at=BEGIN)
    for number, withheld in ((1, None), (2, "few_alike")):
        stage = put(
            "stage",
            consultation_id=held,
            key=f"round-{number}",
            kind="round",
            position=number,
            round_number=number,
            opens_at=BEGIN,
            opened_at=BEGIN,
            closed_at=BEGIN,
            closes_at=BEGIN + timedelta(days=number),
        )
        result = put(
            "result",
            consultation_id=held,
            stage_id=stage,
            number=1,
            digest="d" * 64,
            protocol_digest="p" * 64,
            analysis_version="1",
            content=TEXT,
            row_seed="x" * 64,
            correction=None,
            frozen_at=BEGIN,
        )
        put(
            "frozen_rows",
            consultation_id=held,
            result_id=result,
            people="[[3,7,0],[1,5,1]]",
            hidden_groups='[null,"south"]',
            shown_variables='["PRE-1"]',
            withheld=withheld,
            texts='{"PRE-2":2}',
            digests=JSON,
        )


def fill_0007(put: Put) -> None:
    """A link with its end and the session it opened; a letter by whoever got it passed on."""
    held = put("consultation", slug="inquiry-7", zone="Europe/Riga", schedule="plan-a", created_at=BEGIN)
    expert = put(
        "expert",
        consultation_id=held,
        code="E01",
        pseudonym="p-1",
        language="lv",
        attributes=JSON,
        reporting_group=None,
        withdrawn_at=None,
        handle="d" * 16,
    )
    stage = put(
        "stage",
        consultation_id=held,
        key="round-1",
        kind="round",
        position=1,
        round_number=1,
        opens_at=BEGIN,
        opened_at=BEGIN,
        closed_at=None,
        closes_at=BEGIN + timedelta(days=1),
    )
    link = put(
        "invitation",
        consultation_id=held,
        expert_id=expert,
        token_hash="7" * 64,
        purpose="new-link",
        stage_id=stage,
        created_at=BEGIN,
        used_at=BEGIN,
        revoked_at=None,
        expires_at=BEGIN + timedelta(days=15),
    )
    put(
        "session",
        consultation_id=held,
        expert_id=expert,
        account_id=None,
        token_hash="8" * 64,
        invitation_id=link,
        created_at=BEGIN,
        expires_at=BEGIN,
        revoked_at=None,
        handle="e" * 16,
    )
    put(
        "letter",
        consultation_id=held,
        expert_id=expert,
        kind="nomination",
        name="Žanis Ķirsis",
        email="zanis@example.org",
        text=TEXT,
        written_at=BEGIN,
        handle="f" * 16,
    )


def fill_0008(put: Put) -> None:
    """Refused forms: one of an expert, one of staff about an expert, one of staff alone."""
    held = put("consultation", slug="inquiry-8", zone="Europe/Riga", schedule="plan-a", created_at=BEGIN)
    expert = put(
        "expert",
        consultation_id=held,
        code="E01",
        pseudonym="p-8",
        language="lv",
        attributes=JSON,
        reporting_group=None,
        withdrawn_at=None,
        handle="d" * 16,
    )
    account = put(
        "account", email="holder@example.org", name="Żaneta", is_active=True, password_hash=None, created_at=BEGIN
    )
    for number, (inside, about, sender) in enumerate(
        [(held, expert, None), (held, expert, account), (None, None, account)]
    ):
        put(
            "held_form",
            token_hash=str(number) * 64,
            consultation_id=inside,
            expert_id=about,
            account_id=sender,
            address="/staff/password",
            content=JSON,
            held_at=BEGIN,
            expires_at=BEGIN + timedelta(days=7),
        )


def fill_0009(put: Put) -> None:
    """A clock that beat, and somebody who tried to come in."""
    put("beat", worker="clock", at=BEGIN)
    put("attempt", subject="e" * 64, ends_at=BEGIN, number=3)


def fill_0010(put: Put) -> None:
    """Fates that the program noted by itself."""
    held = put("consultation", slug="inquiry-10", zone="Europe/Riga", schedule="plan-a", created_at=BEGIN)
    measure = put("measure", consultation_id=held, key="M01", theme="A", position=1)
    for fate, code, facts in (
        ("carried", "goes_into", '{"stage":"round-2"}'),
        ("settled", "stable_verdicts", '{"verdicts":[["importance","in"]]}'),
    ):
        put(
            "measure_fate",
            consultation_id=held,
            stage_id=None,
            measure_id=measure,
            fate=fate,
            into_measure_id=None,
            reason=None,
            reason_in=None,
            code=code,
            facts=facts,
            decided_at=BEGIN,
        )


def fill_0011(put: Put) -> None:
    """What every measure came to, once a consultation is finished."""
    held = put("consultation", slug="inquiry-11", zone="Europe/Riga", schedule="plan-a", created_at=BEGIN)
    stage = put(
        "stage",
        consultation_id=held,
        key="round-1",
        kind="round",
        position=1,
        round_number=1,
        opens_at=BEGIN,
        closes_at=BEGIN + timedelta(days=7),
        opened_at=BEGIN,
        closed_at=BEGIN + timedelta(days=7),
    )
    result = put(
        "result",
        consultation_id=held,
        stage_id=stage,
        number=1,
        digest="1" * 64,
        protocol_digest="2" * 64,
        analysis_version="1.2.0",
        content="{}",
        row_seed="3" * 64,
        correction=None,
        frozen_at=BEGIN,
    )
    put(
        "release",
        consultation_id=held,
        result_id=result,
        kind="final",
        number=1,
        digest="4" * 64,
        content='{"format":1,"after_round":1,"measures":[]}',
        released_at=BEGIN,
    )


def _consultation(put: Put, name: str) -> int:
    return put("consultation", slug=f"inquiry-{name}", zone="Europe/Riga", schedule="plan-a", created_at=BEGIN)


def _expert(put: Put, held: int, name: str, number: int = 1) -> int:
    return put(
        "expert",
        consultation_id=held,
        code=f"E{number:02d}",
        pseudonym=f"p-{name}-{number}",
        language="lv",
        attributes=JSON,
        reporting_group=None,
        withdrawn_at=None,
        handle="cdefg"[number] * 16,
    )


def _round(put: Put, held: int, number: int = 1) -> int:
    return put(
        "stage",
        consultation_id=held,
        key=f"round-{number}",
        kind="round",
        position=number,
        round_number=number,
        opens_at=BEGIN,
        closes_at=BEGIN + timedelta(days=7),
        opened_at=BEGIN,
        closed_at=None,
    )


def _submitted_round(put: Put, name: str, channel: str = "web") -> tuple[int, int, int]:
    """A consultation with one measure that one expert has rated; its keys: the whole, measure, submission."""
    held = _consultation(put, name)
    expert, stage = _expert(put, held, name), _round(put, held)
    measure = put("measure", consultation_id=held, key="M01", theme="A", position=1)
    submission = put(
        "submission",
        consultation_id=held,
        stage_id=stage,
        expert_id=expert,
        number=1,
        idempotency_key="k",
        receipt=None if channel == "draft" else f"R-{name}",
        channel=channel,
        is_late=False,
        submitted_at=BEGIN,
    )
    return held, measure, submission


def fill_0012(put: Put) -> None:
    """Reasons for two criteria and one for the measure as a whole."""
    held, measure, submission = _submitted_round(put, "12")
    for number, criterion in enumerate(("importance", "feasibility", None)):
        put(
            "comment",
            consultation_id=held,
            submission_id=submission,
            measure_id=measure,
            handle=f"{number}" * 16,
            kind="reason",
            criterion=criterion,
            text=TEXT,
            language="lv",
            moderation="waiting",
            moderated=None,
            reason=None,
        )


def fill_0013(put: Put) -> None:
    """What played a part in a rating that changed."""
    held, measure, submission = _submitted_round(put, "13")
    put(
        "change_note",
        consultation_id=held,
        submission_id=submission,
        measure_id=measure,
        has_changed=True,
        named='["reason_read"]',
    )


def fill_0014(put: Put) -> None:
    """A submission that the close made of saved answers, and a value that was sent."""
    held, _measure, _submission = _submitted_round(put, "14", channel="draft")
    put(
        "draft",
        consultation_id=held,
        stage_id=_round(put, held, 2),
        expert_id=_expert(put, held, "14", 2),
        name="M01.importance",
        values='["7"]',
        revision=1,
        is_sent=True,
    )


def fill_0015(put: Put) -> None:
    """One who objects to a use."""
    held = _consultation(put, "15")
    put("objection", consultation_id=held, expert_id=_expert(put, held, "15"), use="reasons", said_at=BEGIN)


def fill_0016(put: Put) -> None:
    """Minutes that two people needed."""
    held = _consultation(put, "16")
    put("pace", stage_id=_round(put, held), minutes=12, consultation_id=held, people=2)


def fill_0017(put: Put) -> None:
    """Something that the new indexes are of: a consent."""
    held = _consultation(put, "17")
    expert = _expert(put, held, "17")
    put(
        "consent", consultation_id=held, expert_id=expert, version="1", text_hash="0" * 64, is_given=True, said_at=BEGIN
    )


FILL: dict[str, Callable[[Put], None]] = {
    "0001": fill_0001,
    "0002": fill_0002,
    "0003": fill_0003,
    "0004": fill_0004,
    "0006": fill_0006,
    "0007": fill_0007,
    "0008": fill_0008,
    "0009": fill_0009,
    "0010": fill_0010,
    "0011": fill_0011,
    "0012": fill_0012,
    "0013": fill_0013,
    "0014": fill_0014,
    "0015": fill_0015,
    "0016": fill_0016,
    "0017": fill_0017,
}
