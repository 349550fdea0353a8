"""Who may approve what: nobody their own, the dearer way one level up, nothing incomplete (docs/rules.md, 7 and 8)."""

import pytest
from tests.services.costs.sheet import HEAD, PRINTER, as_someone, filled, opened, places, shown

from ancadmin.domain.roles import Role
from ancadmin.errors import InputRefused, NotAllowed
from ancadmin.services.costs.decide import approve, submit
from ancadmin.services.costs.fill import remove
from ancadmin.services.costs.open import change_sheet, open_sheet
from ancadmin.services.costs.show import list_sheets, show_sheet
from ancadmin.services.export.cost_comparison import export_cost_comparison

WHY = "Cards are needed again before the conference"
SECRETARY, PROVINCIAL, NATIONAL = (
    (Role.REGIONAL_SECRETARY, "GP01"),
    (Role.PROVINCIAL_OFFICER, "GP"),
    (Role.NATIONAL_OFFICER, "national"),
)


@pytest.fixture
def submitted(office):
    places(office)
    number = filled(office)
    office("costs", "submit", number)
    return number


def test_an_incomplete_sheet_can_neither_be_submitted_nor_approved(office):
    places(office)
    number = filled(office, HEAD, PRINTER, cause="broken")
    for words in (["submit", number], ["approve", number, "--why", WHY]):
        answer = office("costs", *words, code=7)
        assert "not complete" in answer.err
        assert "the cause says nothing: broken" in answer.err
    assert shown(office, number)["state"] == "draft"


def test_the_recommended_option_is_approved_by_the_regional_secretary_or_above(office, submitted):
    for role in (SECRETARY, PROVINCIAL, NATIONAL):
        done = approve(as_someone(office, "thandi", role), submitted, option=None, why=WHY)
        assert (done["option"], done["own_work"]) == ("A", False)
        (_, approval) = shown(office, submitted)["decisions"]
        assert (approval["operator"], approval["role"], approval["why"]) == ("thandi", role[0], WHY)
        office("batch", "undo", done["batch"])


def test_nobody_below_or_elsewhere_approves(office, submitted):
    for role in (
        (Role.MEMBERSHIP_OFFICER, "GP01"),
        (Role.BRANCH_SECRETARY, "GP0101"),
        (Role.REGIONAL_ORGANISER, "GP01"),
        (Role.CALL_CENTRE_SUPERVISOR, "national"),
        (Role.REGIONAL_SECRETARY, "GP02"),
        (Role.PROVINCIAL_OFFICER, "LIM"),
    ):
        with pytest.raises(NotAllowed, match="may not approve"):
            approve(as_someone(office, "thandi", role), submitted, option=None, why=WHY)
    assert shown(office, submitted)["state"] == "submitted"


def test_another_option_needs_the_next_level_up(office, submitted):
    with pytest.raises(NotAllowed, match="for option B, when A is recommended") as refused:
        approve(as_someone(office, "thandi", SECRETARY), submitted, option="replace", why=WHY)
    assert "provincial officer" in refused.value.remedy
    done = approve(as_someone(office, "lerato", PROVINCIAL), submitted, option="replace", why=WHY)
    assert (done["option"], done["recommended"]) == ("B", "A")
    assert done["dearer_by_cents"] == 2899900 - 573125


def test_every_approval_has_a_reason_written_out(office, submitted):
    for why in ("", "  ", "-", "ok", "As discussed."):
        with pytest.raises(InputRefused, match="says nothing"):
            approve(as_someone(office, "thandi", NATIONAL), submitted, option="replace", why=why)
    assert "--why" in office("costs", "approve", submitted, code=2).err


def headings(**texts):
    fields = ("name", "address", "concern", "cause", "correction", "not_serviced", "explanation")
    return {"subject": "S", **dict.fromkeys(fields, ""), **texts}


def test_nobody_approves_their_own(office, submitted):
    """Whoever opened, filled in, changed or submitted a sheet has worked on it."""
    thandi = as_someone(office, "thandi", NATIONAL)
    opened_by_her = open_sheet(thandi, region_code="GP01", headings=headings())["sheet"]
    for line in (HEAD, PRINTER):
        office("costs", "line", opened_by_her, *line.split())
    texts = headings(address="A", concern="C d", cause="D e", correction="E f")
    office("costs", "change", opened_by_her, *(w for k, v in texts.items() if v for w in (f"--{k}", v)))
    office("costs", "submit", opened_by_her)
    changed_by_her = filled(office)
    change_sheet(thandi, changed_by_her, {"cause": "Dust from recycled card stock"})
    office("costs", "submit", changed_by_her)
    taken_out_by_her = filled(office)
    remove(thandi, taken_out_by_her, "A2")
    office("costs", "submit", taken_out_by_her)
    submitted_by_her = filled(office)
    submit(thandi, submitted_by_her)
    for number in (opened_by_her, changed_by_her, taken_out_by_her, submitted_by_her):
        with pytest.raises(NotAllowed, match="nobody approves their own"):
            approve(thandi, number, option=None, why=WHY)
    assert approve(thandi, submitted, option=None, why=WHY)["own_work"] is False


def test_the_sole_operator_may_and_every_paper_says_so(office, submitted):
    assert office("costs", "approve", submitted, "--why", WHY, "--json").json["own_work"] is True
    assert shown(office, submitted)["decisions"][1]["own_work"] is True


def test_a_sheet_is_submitted_once_and_approved_once_and_then_stands(office, submitted):
    draft = filled(office)
    assert "not submitted" in office("costs", "approve", draft, "--why", WHY, code=7).err
    for words in (["submit"], ["line", *HEAD.split()], ["remove", "A"], ["change", "--cause", "Dust"]):
        answer = office("costs", words[0], submitted, *words[1:], code=7)
        assert "stands as it is" in answer.err
        assert "batch undo" in answer.err
    office("costs", "approve", submitted, "--why", WHY)
    assert "was approved by" in office("costs", "approve", submitted, "--why", WHY, code=7).err


def test_who_approves_is_policy(office, submitted):
    from importlib.resources import files

    shipped = files("ancadmin").joinpath("policy.toml").read_text(encoding="utf-8")
    stricter = office.write("policy.toml", shipped.replace('cost_sheet = "regional_secretary"', 'cost_sheet = "boss"'))
    answer = office("costs", "list", "--policy", stricter, code=4)
    assert "`authorisation.cost_sheet` must name a level of approval" in answer.err
    assert "regional_secretary" in answer.err


def test_only_those_who_decide_there_open_and_fill_in_sheets(office):
    places(office)
    number = opened(office)
    stranger = as_someone(office, "thandi", (Role.MEMBERSHIP_OFFICER, "GP02"))
    with pytest.raises(NotAllowed):
        open_sheet(stranger, region_code="GP01", headings=headings())
    with pytest.raises(NotAllowed):
        change_sheet(stranger, number, {"cause": "Dust"})
    open_sheet(stranger, region_code="GP02", headings=headings())


def test_sheets_are_seen_by_those_whose_roles_reach_the_region(office):
    places(office)
    number = opened(office)
    for role in ((Role.AUDITOR, "national"), (Role.PROVINCIAL_OFFICER, "GP"), (Role.REGIONAL_ORGANISER, "GP01")):
        insider = as_someone(office, "thandi", role)
        assert show_sheet(insider, number)["sheet"] == number
        assert [row["sheet"] for row in list_sheets(insider, region=None, state=None)] == [number]
    for role in ((Role.MEMBERSHIP_OFFICER, "GP02"), (Role.BRANCH_SECRETARY, "GP0101"), (Role.AUDITOR, "LIM")):
        outsider = as_someone(office, "thandi", role)
        assert list_sheets(outsider, region=None, state=None) == []
        for look in (show_sheet, export_cost_comparison):
            with pytest.raises(NotAllowed, match="may not see"):
                look(outsider, number)
