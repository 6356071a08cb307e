"""What `consult analyse` prints: tables and sentences of a file's results."""

from collections.abc import Iterator, Mapping
from typing import Any

from analysis.protocol.protocol import Protocol
from consult.commands import analyse_taken, desk
from consult.services.files.csvfile import guard
from consult.words import catalogues, wording
from consult.words.missing import missing_sentence
from consult.words.readings import reading_words, sides_sentence

Block = Mapping[str, Any]
CSV_HEAD = (
    "round", "item", "criterion", "n", "median", "q1", "q3", "counts", "verdict", "margin",
    "stability", "outcome", "leave_one_out_flips",
)  # fmt: skip
NOTHING = "–"
STATES = {"stable": "stable", "moving": "moving", "not_assessed": "not known"}


def safe(cell: Any) -> Any:
    """A cell that no spreadsheet takes for a formula."""
    return guard(cell) if isinstance(cell, str) else cell


def criteria(stage: Block) -> Iterator[tuple[str, str, Block]]:
    """Every measure and criterion of a stage, with its figures."""
    for key, measure in stage["measures"].items():
        for name, block in measure["criteria"].items():
            yield key, name, block


def figure(value: float | None, digits: int = 2) -> str:
    """A number with so many digits; a dash where there is none."""
    return NOTHING if value is None else f"{value:.{digits}f}"


def percent(value: float | None) -> str:
    """A share in percent; a dash where there is none."""
    return NOTHING if value is None else f"{100 * value:.0f} %"


def probability(value: float) -> str:
    """A drawn probability in percent: never 0 or 100, which no draws can show."""
    if value > 0.99:
        return "> 99 %"
    return "< 1 %" if value < 0.01 else percent(value)


def p_value(p: float | None) -> str:
    """A p-value to three places; a dash where there is none."""
    return "<0.001" if p is not None and p < 0.001 else figure(p, 3)


def printed(document: Block) -> Iterator[str]:
    """The parts of the report, in order."""
    head = (
        f"{desk.counted(document['experts'], 'expert')}, "
        f"{desk.counted(len(document['rounds']), 'round')}; "
        f"protocol {document['protocol_digest'][:12]}"
    )
    yield "\n".join((head, *analyse_taken.sentences(document)))
    yield from (hollow_sentence(found) for found in document["hollow"])
    for stage in document["stages"]:
        took_part = stage["participation"]["submitted"]
        yield f"Round {desk.visible(stage['stage'])}: {took_part} took part"
        yield verdict_table(document, stage)
        yield "\n".join(sentences(document, stage))
        if stage["panel"]:
            yield panel_table(stage)
            yield from panel_notes(stage)
        yield from subgroup_tables(stage)
    if document.get("ranking"):
        yield from ranking_parts(document["ranking"])
    if document.get("opinion_groups"):
        yield groups_sentence(document["opinion_groups"])
    yield f"results digest {document['digest']}"


def hollow_sentence(found: Block) -> str:
    """A clause of the rule that decides nothing, or a side that nobody can meet."""
    where = f"'{found['side']}'" + (f" of round {found['round']}" if found["round"] else "")
    if found["at"] is None:
        return f"The clauses {where} can never all hold ({found['panels']} panels tried)."
    return (
        f"Clause {found['at'] + 1} of {where} ({found['kind']}) decides nothing: where the others "
        f"hold it never fails ({found['panels']} panels tried)."
    )


def verdict_table(document: Block, stage: Block) -> str:
    """One line per item and criterion."""
    english, rule = catalogues.catalogue("en"), _rules(document).dissent
    rows = []
    for key, name, block in criteria(stage):
        verdict, robust = block["verdict"], block["robustness"]
        one_out = robust["leave_one_out"]["flips"] if robust else None
        shares = block["shares"] or {}
        top = shares[list(shares)[-1]]["share"] if shares else None
        rows.append(
            (
                key, name, block["n"], wording.point(block["median"]), wording.point(block["iqr"]),
                percent(top), wording.said(wording.VERDICTS, verdict["verdict"], english),
                NOTHING if verdict["margin"] is None else verdict["margin"],
                NOTHING if one_out is None else f"{one_out} of {block['n']}",
                STATES[block["stability"]["state"]],
                reading_words(block, rule, english),
            )
        )  # fmt: skip
    head = (
        "item", "criterion", "n", "median", "IQR", "high", "verdict", "margin", "flips without",
        "stability", "outcome",
    )  # fmt: skip
    return desk.table(head, rows)


def _rules(document: Block) -> Protocol:
    return Protocol.from_dict(document["protocol"])


def _bands(document: Block) -> dict[str, dict[str, str]]:
    return {
        scale["key"]: {band["key"]: f"{band['lo']}–{band['hi']}" for band in scale["bands"]}
        for scale in document["protocol"]["scales"]
    }


def sentences(document: Block, stage: Block) -> Iterator[str]:
    """Why each verdict is so, how stable, and what would change it."""
    english, bands = catalogues.catalogue("en"), _bands(document)
    rules = _rules(document)
    doubts = document.get("doubt", {}).get(stage["stage"], {})
    for key, name, block in criteria(stage):
        verdict, known = block["verdict"], bands[block["scale"]["key"]]
        words = [
            wording.verdict_sentence(verdict["code"], verdict["numbers"], english, known),
            wording.stability_sentence(block["stability"], english, rules.stability.within),
            sides_sentence(block, rules.dissent, known, english),
            *robustness_sentences(block, doubts.get(f"{key}.{name}")),
        ]
        if block.get("suppressed"):
            words.append(missing_sentence(block, english))
        yield f"{desk.visible(key)} {desk.visible(name)}: {' '.join(filter(None, words))}"


def robustness_sentences(block: Block, doubt: Block | None) -> Iterator[str]:
    """What would change the verdict, where something would; and the part of chance."""
    robust, verdict = block["robustness"], block["verdict"]["verdict"]
    if verdict == "not_judged":
        return
    if robust and robust["leave_one_out"]["flips"]:
        flips = robust["leave_one_out"]["flips"]
        yield f"Without any one of {flips} of the {block['n']} it would be another verdict."
    if robust and robust["quantile_types"]["flips"]:
        yield "The verdict depends on the quantile type."
    if block["verdict"]["with_no_opinions"]["flips"]:
        yield "It would be another verdict with no-opinions counted in."
    cases = block["sensitivity"]
    if any(cases[name] and cases[name]["flips"] for name in ("worst", "best")):
        yield "Those who stopped since the round before could have changed it."
    if verdict in ("in", "out") and doubt and doubt["chance"]:
        yield f"Chance alone gives this verdict {chance_words(doubt['chance'], verdict)}."
    if doubt:
        same = probability(1 - doubt["posterior"]["flips"])
        yield f"Probability that another such panel says the same: {same}."


def chance_words(chance: Block, verdict: str) -> str:
    """`once in 11243`, `in 12 % of panels`, or `in none of 20000 draws`."""
    share = chance[verdict]
    if share == 0:
        return f"in none of {chance['draws']} draws" if chance["draws"] else "never"
    return f"in {percent(share)} of panels" if share >= 0.01 else f"once in {1 / share:.0f}"


def panel_table(stage: Block) -> str:
    """Agreement of the whole panel, criterion by criterion."""
    rows = []
    for name, panel in stage["panel"].items():
        w, icc = panel.get("kendall_w", {}), panel.get("intraclass", {})
        rows.append(
            (
                name, panel["measures"],
                _interval(panel.get("alpha_ordinal")), _interval(panel.get("ac2")),
                f"{figure(w.get('value'))} ({w.get('experts', NOTHING)})",
                p_value((w.get("f") or {}).get("p")), _interval(icc.get("ICC2k")),
                figure(panel.get("apmo"), 0),
            )
        )  # fmt: skip
    head = (
        "agreement",
        "items",
        "alpha (ordinal)",
        "AC2 (ordinal)",
        "W (experts)",
        "p of W",
        "ICC2k",
        "APMO (neutral counted)",
    )
    return desk.table(head, rows)


def panel_notes(stage: Block) -> Iterator[str]:
    """What a figure outside its usual range means."""
    for name, panel in stage["panel"].items():
        icc = panel.get("intraclass", {}).get("ICC2k", {}).get("value")
        if icc is not None and icc < 0:
            yield (
                f"{desk.visible(name)}: ICC2k below 0 means that experts differ from each other "
                "more than the items do; read it as no reliability at all."
            )


def _interval(found: Block | None) -> str:
    if not found or found.get("value") is None:
        return NOTHING
    if found["low"] is None:
        return figure(found["value"])
    return f"{figure(found['value'])} [{figure(found['low'])}, {figure(found['high'])}]"


def subgroup_tables(stage: Block) -> Iterator[str]:
    """Groups against each other, and leavers against stayers, where there are any."""
    hidden = stage.get("hidden", {})
    rows = [
        (
            key,
            ", ".join(f"{group}: {n}" for group, n in found["groups"].items()),
            figure(found.get("cliff_delta", found.get("epsilon_squared"))),
            p_value(found["test"]["p"]), p_value(found["test"].get("p_holm")),
            p_value(found["test"].get("p_bh")),
            found.get("all_groups", NOTHING).replace("_", " "),
        )
        for key, found in hidden.get("subgroups", {}).items()
    ]  # fmt: skip
    if rows:
        yield desk.table(("groups", "n", "effect", "p", "Holm", "BH", "all groups"), rows)
    gone = [
        (
            key, found["leavers"], found["stayers"], figure(found["cliff_delta"]),
            p_value(found["test"]["p"]), p_value(found["test"].get("p_bh")),
        )
        for key, found in hidden.get("attrition", {}).items()
        if found["leavers"]
    ]  # fmt: skip
    if gone:
        yield desk.table(("who stopped", "stopped", "stayed", "delta", "p", "BH"), gone)


def ranking_parts(ranking: Block) -> Iterator[str]:
    """The order of the items in the last round, and how sure it is."""
    rows = [
        (
            key, figure(row["borda"], 1), figure(row["copeland"], 0), probability(row["p_first"]),
            NOTHING if row["place_low"] is None
            else f"{row['place_low']:g} to {row['place_high']:g}",
        )
        for key, row in sorted(
            ranking["measures"].items(), key=lambda item: (-item[1]["borda"], item[0])
        )
    ]  # fmt: skip
    first = f"among the first {ranking['picks']}"
    yield desk.table(("ranking", "Borda", "Copeland", first, "place"), rows)
    kemeny = ranking["kemeny"]
    orders = kemeny["orders"]
    known = "Kemeny's order" if kemeny["all_optima"] else "The best order found (not proven)"
    if len(orders) > 1:
        known += f", one of {len(orders)} equally good"
    yield f"{known}: {', '.join(map(desk.visible, orders[0]))}."


def groups_sentence(found: Block) -> str:
    """Whether the panel falls into groups of opinion."""
    if not found["number"]:
        return f"Groups of opinion: none can be told ({found['reason'].replace('_', ' ')})."
    apart = max(found["silhouette"].values())
    sizes = ", ".join(map(str, found["sizes"]))
    return (
        f"Groups of opinion: {found['number']} ({sizes} experts), silhouette {figure(apart)}, "
        f"stability {figure(found['stability'])}; below about 0.5 and 0.8 do not rely on them."
    )
