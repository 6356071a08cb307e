"""The panel: its reporting groups, and whom its members can ask."""

from collections.abc import Iterator

from consult.definition.address import is_address
from consult.definition.checks.content import Content
from consult.definition.checks.finding import Finding, Place


def contact_address(content: Content) -> Iterator[Finding]:
    """Whoever has a question can write: the address of the contact is one."""
    address = content.definition.contact.email
    if not is_address(address):
        message = f"'{address}' is not an e-mail address"
        yield Finding(("contact", "email"), message, "write it as name@example.org")


def reporting_groups(content: Content) -> Iterator[Finding]:
    """No role without a group, none in two, none that the list does not know."""
    groups = content.definition.panel.reporting_groups
    attributes = {item.key: item for item in content.definition.panel.attributes}
    if groups is None or groups.attribute not in attributes:
        return
    place: Place = ("panel", "reporting_groups", "groups")
    name = attributes[groups.attribute].list_
    known = content.list_keys(name)
    seen: dict[str, str] = {}
    for at, group in enumerate(groups.groups):
        for index, value in enumerate(group.values):
            here = (*place, at, "values", index)
            if value not in known:
                yield Finding(here, f"'{value}' is not in the list '{name}'", "correct or delete it")
            elif value in seen:
                message = f"'{value}' belongs to the group '{seen[value]}' already"
                yield Finding(here, message, "keep it in one group")
            seen.setdefault(value, group.key)
    for value in known:
        if value not in seen:
            message = f"'{value}' of the list '{name}' has no reporting group"
            yield Finding(place, message, f"add '{value}' to the values of one group")


def grouping_attribute(content: Content) -> Iterator[Finding]:
    """Everybody has the attribute from which the reporting group is derived."""
    groups = content.definition.panel.reporting_groups
    for at, attribute in enumerate(content.definition.panel.attributes):
        if groups is not None and attribute.key == groups.attribute and not attribute.required:
            message = f"the reporting groups need '{attribute.key}', which may be left out"
            place: Place = ("panel", "attributes", at, "required")
            yield Finding(place, message, "delete 'required: false'")
