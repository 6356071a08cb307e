"""Makes the database, and in it a survey that anybody may answer: a page of thirty items from 1 to 9."""

import os

import django

ITEMS = 30


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "settings")
    django.setup()
    from django.core.management import call_command
    from survey.models import Question, Survey

    call_command("migrate", verbosity=0)
    survey = Survey.objects.create(
        name="Thirty items", description="", need_logged_user=False, display_method=Survey.ALL_IN_ONE_PAGE
    )
    for number in range(1, ITEMS + 1):
        Question.objects.create(
            survey=survey,
            text=f"How much does item {number} matter here?",
            order=number,
            required=True,
            type=Question.RADIO,
            choices=",".join(map(str, range(1, 10))),
        )


if __name__ == "__main__":
    main()
