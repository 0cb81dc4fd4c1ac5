"""Who may do what from where: every action, stage and role, against tables written by hand."""

from __future__ import annotations

import pytest

from domain import assistance_arrows, dispute_arrows, objection_arrows, request_arrows
from domain.act import Act
from domain.assistance import AssistanceStage
from domain.dispute import DisputeStage
from domain.errors import DomainError, Refused, RoleNotPermitted, StaleFacts, UnknownAction, WrongStage
from domain.objection import ObjectionStage
from domain.office import Role
from domain.request import Stage
from tests.domain.builders import (
    ACTORS,
    DESK,
    RECEIVED,
    a_dispute,
    a_request,
    an_assistance,
    an_objection,
    decide,
    on,
)

AP, DE, CO, OP = Role.APPLICANT, Role.DESK, Role.COORDINATOR, Role.OPD
LE, AT, KI, AD, SY = Role.LEGAL, Role.ATASAN, Role.COMMISSION, Role.ADMIN, Role.SYSTEM

#: What may always be done to an open request, by whom.
_R_ALWAYS = {
    AP: "withdraw",
    DE: "withdraw link record_sent record_bounce correct",
    CO: "withdraw link record_sent record_bounce correct",
    AT: "order",
    AD: "correct",
    SY: "order record_sent record_bounce",
}

#: Read: from this stage this role may do these, and nothing else does anything.
REQUEST = {
    Stage.REGISTERED: {
        DE: "record_complete ask_completion",
        CO: "record_complete ask_completion propose_opds forward answer not_held out_of_reach"
        " propose_exemption extend",
        OP: "answer not_held out_of_reach propose_exemption",
        SY: "propose_opds forward record_unanswered",
    },
    Stage.INCOMPLETE: {
        AP: "complete record_receipt",
        DE: "complete record_receipt",
        CO: "complete record_receipt lapse extend",
        SY: "lapse record_unanswered",
    },
    Stage.LAPSED: {
        AP: "complete",
        DE: "complete",
        CO: "complete close reopen",
        AT: "reopen",
        SY: "close",
    },
    Stage.FORWARDED: {
        CO: "propose_opds forward reroute take_over answer not_held out_of_reach propose_exemption"
        " give_time open_test extend",
        OP: "accept answer not_held not_ours out_of_reach propose_exemption ask_time",
        LE: "open_test",
        SY: "propose_opds forward take_over open_test record_unanswered",
    },
    Stage.LEGAL_REVIEW: {
        CO: "forward reroute take_over give_time answer not_held out_of_reach propose_exemption open_test"
        " extend",
        OP: "accept answer not_held not_ours out_of_reach propose_exemption ask_time",
        LE: "open_test record_verdict",
        AT: "approve send_back",
        SY: "forward take_over open_test record_unanswered",
    },
    Stage.DRAFTING: {
        CO: "forward answer not_held out_of_reach propose_exemption open_test extend compile send_notice",
        OP: "answer not_held out_of_reach propose_exemption",
        LE: "open_test",
        SY: "forward open_test compile record_unanswered",
    },
    Stage.ANSWERED: {
        AP: "record_receipt",
        DE: "record_receipt cost_note hand_over",
        CO: "record_receipt cost_note hand_over send_bundle close",
        SY: "send_bundle record_unanswered close",
    },
    Stage.HANDOVER: {
        AP: "record_receipt",
        DE: "record_receipt cost_note pay hand_over",
        CO: "record_receipt cost_note pay hand_over send_bundle",
        SY: "send_bundle",
    },
    Stage.FULFILMENT: {
        AP: "record_receipt",
        DE: "record_receipt",
        CO: "record_receipt send_bundle fulfil",
        SY: "send_bundle suspend_order",
    },
}
#: A closed request is done; an order opens it again, the register is still mended, late mail is recorded.
REQUEST_CLOSED = {
    DE: "record_sent record_bounce correct",
    CO: "record_sent record_bounce correct reopen",
    AT: "order reopen",
    AD: "correct",
    SY: "order record_sent record_bounce",
}

_O_MAIL = {
    DE: "record_sent record_bounce correct",
    CO: "record_sent record_bounce correct",
    AD: "correct",
    SY: "record_sent record_bounce",
}
_O_WAITING = {
    AP: "withdraw",
    AD: "correct",
    DE: "withdraw record_sent record_bounce correct",
    CO: "withdraw record_sent record_bounce close correct",
    AT: "answer release_escalation",
    SY: "record_sent record_bounce ask_release escalate close",
}
OBJECTION = {
    ObjectionStage.RECEIVED: {
        **_O_WAITING,
        DE: _O_WAITING[DE] + " pass_to_atasan",
        CO: _O_WAITING[CO] + " pass_to_atasan",
        SY: _O_WAITING[SY] + " pass_to_atasan",
    },
    ObjectionStage.WITH_ATASAN: _O_WAITING,
    ObjectionStage.ANSWERED: {
        AP: "withdraw record_receipt",
        AD: "correct",
        DE: "withdraw record_receipt record_sent record_bounce correct",
        CO: "withdraw record_receipt record_sent record_bounce fulfil close correct",
        SY: "record_sent record_bounce close",
    },
    ObjectionStage.CLOSED: _O_MAIL,
}

_D_KI = "record_ki_number set_hearing lapse withdraw"
_D_ALWAYS = {CO: "attach_dossier", SY: "attach_dossier"}
DISPUTE = {
    DisputeStage.REGISTERED: {
        AP: "withdraw",
        CO: f"{_D_KI} ask_completion complete start_mediation start_adjudication submit_answer",
        KI: f"{_D_KI} ask_completion complete start_mediation start_adjudication",
        AT: "submit_answer release_dossier release_exempt",
    },
    DisputeStage.MEDIATION: {
        AP: "withdraw",
        CO: f"{_D_KI} extend_mediation agree fail_mediation submit_answer",
        KI: f"{_D_KI} extend_mediation agree fail_mediation",
        AT: "submit_answer release_dossier release_exempt",
    },
    DisputeStage.ADJUDICATION: {
        AP: "withdraw",
        CO: f"{_D_KI} submit_answer set_decision_hearing submit_conclusions decide",
        KI: f"{_D_KI} set_decision_hearing decide",
        AT: "submit_answer submit_conclusions release_dossier release_exempt",
    },
    DisputeStage.DECIDED: {
        CO: "record_ki_number receive_decision appeal comply close",
        KI: "record_ki_number receive_decision",
        AT: "appeal release_dossier release_exempt",
        SY: "close",
    },
    DisputeStage.APPEALED: {
        CO: "record_ki_number court_decide",
        KI: "record_ki_number",
        AT: "release_dossier release_exempt",
    },
    DisputeStage.COMPLIED: {
        CO: "record_ki_number close",
        KI: "record_ki_number",
        AT: "release_dossier release_exempt",
        SY: "close",
    },
    DisputeStage.CLOSED: {},
}

_B_MAIL = {DE: "record_bounce", CO: "record_bounce", SY: "record_bounce"}
_B_OPEN = {DE: "record_bounce correct withdraw", AD: "correct", SY: "record_bounce"}
ASSISTANCE = {
    AssistanceStage.RECEIVED: {**_B_OPEN, CO: "record_bounce correct withdraw forward send_answer"},
    AssistanceStage.FORWARDED: {
        **_B_OPEN,
        CO: "record_bounce correct withdraw forward send_answer",
        OP: "answer",
    },
    AssistanceStage.ANSWERED: {**_B_OPEN, CO: "record_bounce correct withdraw close"},
    AssistanceStage.CLOSED: _B_MAIL,
}


def _every_request_stage():
    for stage, table in REQUEST.items():
        roles = {*table, *_R_ALWAYS}
        yield stage, {role: f"{table.get(role, '')} {_R_ALWAYS.get(role, '')}" for role in roles}
    yield Stage.CLOSED, REQUEST_CLOSED


def _every_dispute_stage():
    for stage, table in DISPUTE.items():
        more = {} if stage is DisputeStage.CLOSED else _D_ALWAYS
        yield stage, {role: f"{table.get(role, '')} {more.get(role, '')}" for role in {*table, *more}}


KINDS = {
    "request": (request_arrows.ARROWS, Stage, dict(_every_request_stage()), a_request),
    "objection": (objection_arrows.ARROWS, ObjectionStage, OBJECTION, an_objection),
    "dispute": (dispute_arrows.ARROWS, DisputeStage, dict(_every_dispute_stage()), a_dispute),
    "assistance": (assistance_arrows.ARROWS, AssistanceStage, ASSISTANCE, an_assistance),
}
EVERY_STAGE = [(kind, stage) for kind, (_, stages, _, _) in KINDS.items() for stage in stages]
EVERY_ACTION = [(kind, action) for kind, (arrows, *_) in KINDS.items() for action in arrows]


def _outcome(case, action, role):
    """ "yes" when stage and role let the act through, whatever a guard says after that."""
    try:
        decide(case, Act(action=action, by=ACTORS[role], at=on(RECEIVED)))
    except WrongStage:
        return "stage"
    except RoleNotPermitted:
        return "role"
    except DomainError:
        return "yes"
    return "yes"


@pytest.mark.parametrize(("kind", "stage"), EVERY_STAGE)
def test_from_each_stage_each_role_may_do_exactly_what_the_hand_written_table_says(kind, stage):
    arrows, _, expected, build = KINDS[kind]
    case = build(stage)
    assert case.stage is stage

    allowed = {
        role: {str(action) for action in arrows if _outcome(case, action, role) == "yes"} for role in Role
    }

    assert allowed == {role: set(expected[stage].get(role, "").split()) for role in Role}


@pytest.mark.parametrize(("kind", "stage"), EVERY_STAGE)
def test_an_act_from_the_wrong_stage_is_told_so_before_anything_about_the_role(kind, stage):
    arrows, _, expected, build = KINDS[kind]
    case = build(stage)
    possible = {word for words in expected[stage].values() for word in words.split()}

    for action in arrows:
        for role in Role:
            wrong = _outcome(case, action, role)
            assert (wrong == "stage") == (action not in possible), (action, role)


@pytest.mark.parametrize(("kind", "action"), EVERY_ACTION)
def test_every_action_says_its_law_its_name_and_at_least_one_role(kind, action):
    arrow = KINDS[kind][0][action]

    assert arrow.law and arrow.shown_as and arrow.roles and arrow.sources


@pytest.mark.parametrize(("kind", "action"), EVERY_ACTION)
def test_an_arrow_with_several_ends_says_how_it_chooses(kind, action):
    arrow = KINDS[kind][0][action]

    assert (len(arrow.targets) > 1) == (arrow.route is not None)


@pytest.mark.parametrize("kind", KINDS)
def test_every_stage_but_the_first_is_reached_by_some_arrow(kind):
    arrows, stages, _, _ = KINDS[kind]
    reached = {target for arrow in arrows.values() for target in arrow.targets}

    assert set(stages) - reached <= {next(iter(stages))}


@pytest.mark.parametrize("kind", KINDS)
def test_from_every_stage_a_case_can_still_be_closed(kind):
    arrows, stages, _, _ = KINDS[kind]
    closing = {stage for stage in stages if stage == "closed"}
    while more := {
        source
        for arrow in arrows.values()
        if closing & set(arrow.targets)
        for source in arrow.sources
        if source not in closing
    }:
        closing |= more

    assert closing == set(stages)


def test_an_unknown_action_is_told_with_those_there_are():
    with pytest.raises(UnknownAction, match="record_complete"):
        decide(a_request(), Act(action="hapus", by=DESK, at=on(RECEIVED)))


def test_a_wrong_stage_is_told_with_what_can_be_done_now():
    with pytest.raises(WrongStage, match="record_complete") as refusal:
        decide(a_request(), Act(action="pay", by=DESK, at=on(RECEIVED)))

    assert "pay" not in refusal.value.allowed


def test_what_was_decided_on_an_older_version_is_refused():
    request = a_request()

    with pytest.raises(StaleFacts, match="versi 1, kini 2"):
        decide(request, Act(action="withdraw", by=DESK, at=on(RECEIVED), expect_version=1))


def test_every_act_raises_the_version_by_one_and_tells_what_happened():
    request = a_request()

    decision = decide(request, Act(action="withdraw", by=DESK, at=on(RECEIVED), note="rahasia"))

    assert decision.case.version == request.version + 1
    assert (decision.event.stage_before, decision.event.stage_after) == ("registered", "closed")
    assert "rahasia" not in str(decision.event.facts)


def test_a_refusal_leaves_the_case_as_it_was():
    request = a_request()
    before = request.version, request.stage, request.clocks

    with pytest.raises(Refused):
        decide(request, Act(action="correct", by=DESK, at=on(RECEIVED)))

    assert (request.version, request.stage, request.clocks) == before
