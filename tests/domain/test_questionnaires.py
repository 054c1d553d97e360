"""A programme goes out as a FHIR Questionnaire and comes back the same; another's is read, or refused with place."""

from __future__ import annotations

import contextlib
import copy
import json
from collections.abc import Iterator
from typing import Any

import pytest
from fhir.resources.R4B.questionnaire import Questionnaire
from hypothesis import given
from hypothesis import strategies as st

from bot.shipped import all_shipped
from domain import programmes
from domain.programmes import ProgrammeError
from domain.questionnaire_items import BASE
from domain.questionnaire_values import TRANSLATION
from domain.questionnaires import FIELDS, from_questionnaire, to_questionnaire
from tests.domain.programme_bodies import bodies

SHIPPED = all_shipped()


def exported(body: dict[str, Any]) -> dict[str, Any]:
    """Return a body's Questionnaire as a reader elsewhere gets it, after FHIR's own library found it valid."""
    text = json.dumps(to_questionnaire(body, 3))
    Questionnaire.model_validate_json(text)
    resource: dict[str, Any] = json.loads(text)
    return resource


# ---- there and back


@pytest.mark.parametrize("key", SHIPPED)
def test_what_is_shipped_comes_back_to_the_letter(key: str) -> None:
    assert SHIPPED[key] == from_questionnaire(exported(SHIPPED[key]))


@given(body=bodies())
def test_whatever_a_programme_says_comes_back(body: dict[str, Any]) -> None:
    back = from_questionnaire(exported(body))
    assert programmes.from_mapping(body) == programmes.from_mapping(back)


def test_every_field_of_a_programme_goes_out() -> None:
    assert programmes._NAMES == {"key", "title", "criteria", *FIELDS}


def test_what_fhir_has_a_field_for_stands_there() -> None:
    resource = exported(SHIPPED["covid-19-booster"])
    assert ("covid-19-booster", "3", "active") == (resource["id"], resource["version"], resource["status"])
    assert "COVID-19, booster" == resource["title"]
    types = {item["linkId"]: item["type"] for item in resource["item"]}
    assert ("open-choice", "choice") == (types["last-dose"], types["reaction"])
    french = {"url": "lang", "valueCode": "fr"}, {"url": "content", "valueString": "COVID-19, rappel"}
    assert list(french) == resource["_title"]["extension"][0]["extension"]


TEA = {
    "key": "tea",
    "title": "Tea",
    "criteria": [
        {
            "key": "last",
            "kind": "date",
            "text": "When was your last cup?",
            "options": [{"key": "never", "label": "Never"}, {"key": "unknown", "label": "I do not know"}],
        },
        {
            "key": "milk",
            "text": "With milk?",
            "when": {"last": "date"},
            "options": [{"key": one, "label": one} for one in ("yes", "no", "cream")],
        },
        {
            "key": "sugar",
            "text": "With sugar?",
            "when": {"last": ["date", "never"], "milk": ["yes", "cream"]},
            "options": [{"key": one, "label": one} for one in ("yes", "no")],
        },
    ],
}


def test_when_a_question_is_asked_is_said_as_fhir_says_it() -> None:
    """Any of several days or answers of each of two questions takes a group around the item."""
    _, milk, group = exported(TEA)["item"]
    any_day = {"question": "last", "operator": ">=", "answerDate": "0001-01-01"}
    assert [any_day] == milk["enableWhen"]
    assert ("group", "any") == (group["type"], group["enableBehavior"])
    assert [any_day, {"question": "last", "operator": "=", "answerCoding": {"code": "never"}}] == group["enableWhen"]
    assert ["yes", "cream"] == [rule["answerCoding"]["code"] for rule in group["item"][0]["enableWhen"]]
    assert TEA == from_questionnaire(exported(TEA))


# ---- from elsewhere


HL7 = "http://hl7.org/fhir/StructureDefinition/questionnaire-"
SDC = "http://hl7.org/fhir/uv/sdc/StructureDefinition/sdc-questionnaire-"


def translated(language: str) -> dict[str, Any]:
    said = [{"url": "lang", "valueCode": language}, {"url": "content", "valueString": "When was it?"}]
    return {"url": TRANSLATION, "extension": said}


def theirs() -> dict[str, Any]:
    """Return a Questionnaire as others write them, with what an answer decides put in."""
    fine, refer = ([{"url": f"{BASE}decides", "valueCode": one}] for one in ("fine", "refer"))
    refer.append({"url": f"{BASE}because", "valueString": "A nurse decides."})
    allergy: dict[str, Any] = {
        "linkId": "/A.1",
        "text": "Any allergy?",
        "type": "choice",
        "required": False,
        "extension": [
            {"url": "http://example.org/theirs", "valueString": "x"},
            {"url": f"{HL7}itemControl", "valueCodeableConcept": {"coding": [{"code": "radio-button"}]}},
        ],
        "answerOption": [
            {"valueCoding": {"system": "http://loinc.org", "code": "LA32-8", "display": "No"}, "extension": fine},
            {"valueCoding": {"system": "http://loinc.org", "code": "LA33-6", "display": "Yes"}, "extension": refer},
        ],
    }
    when: dict[str, Any] = {
        "linkId": "/A.2",
        "text": "Quand ?",
        "_text": {"extension": [translated("en"), translated("es")]},
        "type": "date",
        "extension": [{"url": f"{BASE}wait-days", "valueInteger": 0}],
        "enableWhen": [{"question": "/A.1", "operator": "=", "answerCoding": {"code": "LA33-6"}}],
        "enableBehavior": "all",
    }
    return {
        "resourceType": "Questionnaire",
        "id": "Allergies",
        "language": "fr",
        "status": "draft",
        "title": "Allergies",
        "item": [{"linkId": "all", "type": "group", "text": "All", "item": [allergy, when]}],
    }


def test_a_reason_is_read_with_its_translations_within_or_beside_it() -> None:
    expected = {"fr": "Un infirmier.", "en": "When was it?", "es": "When was it?"}
    beside = {"valueString": "Un infirmier.", "_valueString": {"extension": [translated("en"), translated("es")]}}
    french = {"url": TRANSLATION, "extension": [{"url": "lang", "valueCode": "fr"},
                                               {"url": "content", "valueString": "Un infirmier."}]}  # fmt: skip
    for said in (beside, {"extension": [french, translated("en"), translated("es")]}):
        resource = theirs()
        resource["item"][0]["item"][0]["answerOption"][1]["extension"][1] = {"url": f"{BASE}because", **said}
        assert expected == from_questionnaire(resource)["criteria"][0]["options"][1]["because"]


def test_rules_that_would_be_read_otherwise_than_they_mean_are_refused() -> None:
    """Yes and no at once is never, not either; and several rules do not say by themselves whether all must hold."""
    rules = [RULE, RULE | {"answerCoding": {"code": "LA32-8"}}, RULE | {"question": "/A.2"}]
    either, needed = "can be any of", "must be any or all"
    for behaviour, asked, cure in (
        ("all", rules, either),
        ("any", rules, either),
        ("all", rules[:2], either),
        (None, rules[:2], needed),
        (None, rules[1:], needed),
    ):
        resource = theirs()
        third = resource["item"][0]["item"][0] | {"linkId": "/A.3", "enableWhen": asked, "enableBehavior": behaviour}
        resource["item"].append(third)
        with pytest.raises(ProgrammeError, match=rf"^item\[1\].enable(When|Behavior): {cure}"):
            from_questionnaire(resource)


def test_anothers_questionnaire_is_read_as_far_as_it_says_what_we_need() -> None:
    programme = programmes.from_mapping(from_questionnaire(theirs()))
    allergy, when = programme.criteria
    assert ("allergies", "a-1", "a-2") == (programme.key, allergy.key, when.key)
    assert ["la32-8", "la33-6"] == [answer.key for answer in allergy.answers]
    assert (("a-1", frozenset({"la33-6"})),) == when.when


OPTION = "item[0].item[0].answerOption[0]"
ALLERGY: tuple[str | int, ...] = ("item", 0, "item", 0)
WHEN: tuple[str | int, ...] = ("item", 0, "item", 1)
RULE = {"question": "/A.1", "operator": "=", "answerCoding": {"code": "LA33-6"}}
#: What is put where, and what is said of it.
REFUSED: tuple[tuple[tuple[str | int, ...], Any, str], ...] = (
    (("resourceType",), "Patient", "resourceType: 'Patient' is no Questionnaire"),
    (("id",), None, "id: the programme needs a key"),
    (("title",), None, "title: must be a text"),
    (("implicitRules",), "http://example.org", "implicitRules: changes what the rest means"),
    (("modifierExtension",), [{"url": "x"}], "modifierExtension: changes what the rest means"),
    (("status",), None, "status: None is not in use; make it active, or draft"),
    (("status",), "retired", "status: 'retired' is not in use; make it active, or draft"),
    (("items",), [{}], "items: is not known here; correct its spelling, or take it out"),
    (("_title",), {"extension": [translated("en")]}, "title: has no text in language 'es'"),
    (("language",), None, "item[0].item[1]._text: translates from a language that is not named; add language"),
    (("item",), "none", "item: must be a list of objects"),
    (("extension",), [{"url": f"{BASE}colour", "valueString": "blue"}], f"extension: '{BASE}colour' is not known here"),
    (("extension",), [{"url": f"{BASE}lead-minutes"}], "lead_minutes: must stand once, with valueInteger"),
    ((*ALLERGY, "type"), "boolean", "item[0].item[0].type: 'boolean' cannot be asked; make it choice"),
    ((*ALLERGY, "type"), ["choice"], "item[0].item[0].type: ['choice'] cannot be asked"),
    ((*ALLERGY, "type"), "open-choice", "item[0].item[0].type: free text cannot be asked"),
    ((*ALLERGY, "text"), None, "item[0].item[0].text: must be a text"),
    ((*ALLERGY, "repeats"), True, "item[0].item[0].repeats: a question has one answer"),
    ((*ALLERGY, "answerOption"), None, "item[0].item[0].answerOption"),
    ((*ALLERGY, "answerOption"), [], "item[0].item[0].answerOption: is missing; list every answer"),
    ((*ALLERGY, "answerOption", 0, "valueCoding"), None, f"{OPTION}.valueCoding: must stand here"),
    ((*ALLERGY, "answerOption", 0, "extension"), [], f"{OPTION}: does not say what this answer decides; add {BASE}"),
    ((*ALLERGY, "answerOption", 0, "modifierExtension"), [{}], f"{OPTION}.modifierExtension: changes"),
    ((*WHEN, "extension"), [], "item[0].item[1]: does not say what the day decides; add"),
    ((*WHEN, "enableWhen", 0, "operator"), "exists", "item[0].item[1].enableWhen[0]: must be operator"),
    ((*WHEN, "enableWhen", 0, "question"), None, "item[0].item[1].enableWhen[0].question: must be the linkId"),
    ((*WHEN, "enableWhen", 0, "question"), "/B", "item[0].item[1]: when.b names ['la33-6'], which no earlier"),
    ((*WHEN, "enableWhen", 0, "answerString"), "x", "item[0].item[1].enableWhen[0].answerString: is not known here"),
    ((*WHEN, "enableWhen", 0, "answerDate"), "0001-01-01", "item[0].item[1].enableWhen[0]: must be operator"),
    ((*WHEN, "enableWhen", 0, "answerCoding"), {}, "item[0].item[1].enableWhen[0].answerCoding.code: must be the code"),
    ((*WHEN, "enableWhen", 0, "modifierExtension"), [{}], "item[0].item[1].enableWhen[0].modifierExtension: changes"),
    ((*WHEN, "enableWhen"), [RULE, RULE], "item[0].item[1].enableWhen: can be any of several answers to one question"),
    ((*WHEN, "enableBehavior"), "some", "item[0].item[1].enableBehavior: must be any or all"),
    ((*WHEN, "enablewhen"), [RULE], "item[0].item[1].enablewhen: is not known here; correct its spelling"),
    ((*WHEN, "linkId"), "/A.1", "item[0].item[1]: the key stands twice"),
    ((*WHEN, "linkId"), None, "item[0].item[1].linkId: must be a text that no other item has"),
    ((*WHEN, "answerOption"), [{"valueDate": "2027-01-01"}], "item[0].item[1].type: a date has no options"),
    ((*ALLERGY, "linkId"), "a" * 41, f"item[0].item[0].linkId: '{'a' * 41}' must be up to 40"),
    ((*ALLERGY, "answerValueSet"), "#codes", "item[0].item[0].answerValueSet: is not known here"),
    ((*ALLERGY, "readOnly"), True, "item[0].item[0].readOnly: is not known here"),
    ((*ALLERGY, "extension"), [{"url": f"{SDC}enableWhenExpression"}], "item[0].item[0].extension: 'http://hl7.org"),
    ((*ALLERGY, "extension"), [{"url": f"{HL7}hidden", "valueBoolean": True}], "item[0].item[0].extension: 'http://hl"),
    ((*ALLERGY, "answerOption", 1, "extension", 1), {"url": "x"}, f"{OPTION[:-2]}1].because: must be a text"),
    ((*ALLERGY, "answerOption", 1, "valueCoding", "code"), "LA32-8", "item[0].item[0].answerOption: a question needs"),
    ((*ALLERGY, "answerOption", 1, "valueCoding", "code"), None, f"{OPTION[:-2]}1].valueCoding.code: ''"),
    ((*ALLERGY, "answerOption", 1, "valueString"), "No", f"{OPTION[:-2]}1].valueString: is not known here"),
    (("item", 0, "item"), [], "item[0].item: is missing; a group holds items, or take the group out"),
    (("item", 0, "repeats"), True, "item[0].repeats: a group only holds items"),
    (("item", 0, "linkId"), None, "item[0].linkId: must be a text that no other item has"),
    (("item", 0, "enableWhen"), [RULE], "item[0].item[1].enableWhen: the group around it asks about 'a-1' already"),
)  # fmt: skip


@pytest.mark.parametrize(("path", "value", "sentence"), REFUSED, ids=[sentence for *_, sentence in REFUSED])
def test_what_cannot_be_read_is_refused_with_place_and_cure(
    path: tuple[str | int, ...], value: Any, sentence: str
) -> None:
    resource = theirs()
    put(resource, path, value)
    with pytest.raises(ProgrammeError) as refused:
        from_questionnaire(resource)
    assert str(refused.value).startswith(sentence)


WHOLE = exported(SHIPPED["covid-19-booster"])
ANYTHING: st.SearchStrategy[Any] = (
    st.none() | st.booleans() | st.integers() | st.text() | st.just([]) | st.just({}) | st.just([{}])
)


@given(data=st.data(), value=ANYTHING)
def test_whatever_stands_anywhere_is_read_or_refused(data: st.DataObject, value: Any) -> None:
    resource = copy.deepcopy(WHOLE)
    put(resource, data.draw(st.sampled_from(PLACES)), value)
    with contextlib.suppress(ProgrammeError):
        programmes.from_mapping(from_questionnaire(resource))


def put(resource: Any, path: tuple[str | int, ...], value: Any) -> None:
    """Put *value* at *path*."""
    for step in path[:-1]:
        resource = resource[step]
    resource[path[-1]] = value


def places(found: Any) -> Iterator[tuple[str | int, ...]]:
    """Yield the paths to all that stands in *found*."""
    inner: Any = found.items() if isinstance(found, dict) else enumerate(found) if isinstance(found, list) else ()
    for step, value in inner:
        yield (step,)
        yield from ((step, *rest) for rest in places(value))


PLACES = list(places(WHOLE))
