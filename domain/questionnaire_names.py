"""What a Questionnaire from elsewhere may hold: FHIR R4's elements that are read here, or say nothing that matters.

What is not named is refused, since it may be a misspelt name that would go unheard, or change what is asked.
Source: https://hl7.org/fhir/R4/questionnaire.html and https://hl7.org/fhir/R4/questionnaire-profiles.html.
"""

from __future__ import annotations

_ANY = frozenset({"id", "extension"})
_OF_EDITORS = {"version", "name", "title", "derivedFrom", "experimental", "date", "publisher", "contact", "description"}
_OF_USE = {"useContext", "jurisdiction", "purpose", "copyright", "approvalDate", "lastReviewDate", "effectivePeriod"}
_OF_RESOURCES = {"resourceType", "meta", "implicitRules", "language", "text", "contained", "url", "identifier"}

RESOURCE = _ANY | _OF_RESOURCES | _OF_EDITORS | _OF_USE | {"status", "subjectType", "code", "item"}
ITEM = _ANY | {
    *("linkId", "definition", "code", "prefix", "text", "type", "required", "repeats", "maxLength"),
    *("enableWhen", "enableBehavior", "answerOption", "item"),
}
OPTION = _ANY | {"valueCoding"}
CODING = _ANY | {"system", "version", "code", "display", "userSelected"}
RULE = _ANY | {"question", "operator", "answerCoding", "answerDate"}

#: The extensions of HL7's that change nothing but looks, or give scores that nobody counts here.
HARMLESS = frozenset(
    {
        *("choiceOrientation", "displayCategory", "entryFormat", "itemControl", "shortText", "optionPrefix"),
        *("rendering-markdown", "rendering-style", "rendering-xhtml", "translation"),
        *("designNote", "supportLink", "itemWeight", "ordinalValue"),
    }
)
