"""The command line: every command by its word, loaded only when it is asked for."""

import importlib
from typing import IO, Any

import click

from consult import __version__
from consult.errors import ConsultError
from consult.words.refusals import in_english

SECTIONS: dict[str, dict[str, tuple[str, str]]] = {
    "A consultation's folder": {
        "check": ("folder", "Read a folder and name every problem in it."),
        "schema": ("folder", "Print the JSON Schema of the files in a folder."),
        "publish": ("folder", "Make a consultation of a folder."),
        "republish": ("folder", "Publish a corrected folder before anyone has submitted."),
    },
    "The panel": {
        "panel": ("panel", "The panel: its file, taking it in, who is in it."),
        "invite": ("mailing", "Give every expert without a link one, by mail or in a file."),
        "link": ("mailing", "Give one expert a new link; earlier ones end when it is used."),
        "end-links": ("mailing", "End all links and sessions of one expert now."),
        "announce": ("mailing", "Write to those who may answer that a stage is open."),
        "remind": ("mailing", "Write to those who have not submitted a stage."),
        "mails": ("mailing", "Mails that were refused or may not have arrived."),
        "letters": ("letters", "What people wrote whom the link of an expert reached."),
        "own-data": ("privacy", "Print everything stored about one expert."),
        "withdraw": ("privacy", "Let an expert leave; earlier frozen results stay."),
        "erase": ("privacy", "Delete everything known of an expert."),
        "forget-panel": ("privacy", "Destroy the link between people and answers for good."),
    },
    "Running a consultation": {
        "list": ("overview", "List all consultations."),
        "status": ("overview", "Show stages, participation and what waits."),
        "open": ("stages", "Open a stage now."),
        "answers": ("answers", "Enter what an expert said by telephone or wrote on paper."),
        "extend": ("stages", "Move the close of a stage."),
        "close": ("stages", "Close a stage and freeze its numbers."),
        "finish": ("stages", "Say for good what every measure came to, after the last round."),
        "measures": ("measures", "The list of measures between rounds."),
        "proposals": ("proposals", "What experts put forward, and what becomes of it."),
        "comments": ("comments", "Reasons that experts gave, before they are fed back."),
        "deviations": ("overview", "List the departures from the protocol."),
        "journal": ("overview", "Print what staff did, or verify that nothing was changed."),
    },
    "Results": {
        "results": ("results", "Print the released verdicts of a frozen stage."),
        "verify": ("results", "Recompute the frozen results, of a slug or of a package."),
        "download": ("download", "Write a file of results, participation or data."),
        "package": ("package", "Write all files, rules and results into one zip."),
        "analyse": ("analyse", "Judge a CSV of ratings by a protocol."),
        "briefing": ("briefing", "Write the briefing from the frozen results."),
    },
    "Server": {
        "account": ("account", "Accounts of staff, their roles and ways in."),
        "db": ("db", "Bring the database up to date, or compare it with the program."),
        "tick": ("stages", "Close what has ended and open what is due, everywhere."),
        "deliver": ("mailing", "Send the mails that wait in the outbox."),
        "serve": ("serve", "Start the web server, its clock and its post."),
        "demo": ("demo", "Two consultations to look at, one finished and one starting today."),
    },
}
ENTRIES = {word: entry for section in SECTIONS.values() for word, entry in section.items()}


class Refusal(click.ClickException):
    """A refusal in plain words on standard error; the command ends with 1."""

    def show(self, file: IO[Any] | None = None) -> None:
        click.echo(self.format_message(), file=file, err=file is None)


class LazyGroup(click.Group):
    """Commands by word. The list of them is printed without loading any."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(ENTRIES)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in ENTRIES:
            return None
        module = importlib.import_module(f"consult.commands.{ENTRIES[cmd_name][0]}")
        command: click.Command = getattr(module, f"{cmd_name.replace('-', '_')}_command")
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        for title, section in SECTIONS.items():
            with formatter.section(title):
                formatter.write_dl([(word, words) for word, (_, words) in section.items()], col_max=14)

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except ConsultError as refused:
            raise Refusal(in_english(refused)) from refused


@click.group(cls=LazyGroup, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, message="%(version)s")
def main() -> None:
    """Consultations of expert panels: questionnaires before and after an event, rating rounds
    on proposed measures, frozen results.

    Settings are read from the environment (CONSULT_DATABASE_URL, CONSULT_PUBLIC_URL, ...).
    A COMMAND explains itself with --help.
    """
