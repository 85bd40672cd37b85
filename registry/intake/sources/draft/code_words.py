"""What the words of our lists are called elsewhere: labels of choices, in four languages and as single letters.

They are the labels that questionnaires and case report forms have; they propose and decide nothing.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from registry.intake.sources.draft.folding import folded, has_words

MEANINGS: Final = {  # our word: English | German | French | Dutch
    "yes": "yes|y|ja|j|oui|o|true|vrai|wahr|checked",
    "no": "no|n|nein|non|nee|false|faux|falsch|unchecked",
    "female": "female|f|woman|weiblich|w|frau|femme|feminin|vrouw|v|vrouwelijk",
    "male": "male|m|man|maennlich|mann|homme|h|masculin|mannelijk",
    "positive": "positive|pos|positiv|positif|positief|+",
    "negative": "negative|neg|negativ|negatif|negatief|-",
    "unknown": "unknown|not known|unbekannt|nicht bekannt|weiss nicht|inconnu|ne sait pas|onbekend|weet niet",
    "other": "other|anderer grund|andere|sonstige|sonstiges|divers|autre|anders|overig",
    "lack-of-efficacy": "lack of efficacy|inefficacy|primary failure|wirkungslosigkeit|mangelnde wirkung|"
    "unwirksam|inefficacite|manque d efficacite|onvoldoende effect|ineffectief",
    "loss-of-efficacy": "loss of efficacy|loss of effect|effect lost|loss of response|secondary failure|wirkverlust|"
    "wirkungsverlust|"
    "perte d efficacite|echappement|verlies van effect",
    "adverse-event": "adverse event|side effect|intolerance|nebenwirkung|nebenwirkungen|unvertraeglichkeit|"
    "effet indesirable|intolerance|bijwerking|bijwerkingen",
    "remission": "remission|remissie",
    "pregnancy": "pregnancy|pregnancy wish|schwangerschaft|kinderwunsch|grossesse|desir de grossesse|zwangerschaft|"
    "zwangerschap|zwangerschapswens",
    "patient-wish": "patient wish|patient decision|patient s wish|patientenwunsch|wunsch des patienten|"
    "choix du patient|souhait du patient|wens patient|wens van de patient",
    "non-adherence": "non adherence|non compliance|mangelnde adhaerenz|non observance|therapieontrouw",
    "surgery": "surgery|operation|chirurgie|operatie",
    "infection": "infection|infektion|infectie",
    "malignancy": "malignancy|cancer|tumor|malignom|krebs|cancer|maligniteit|kanker",
    "lost": "lost to follow up|lost|verloren|nicht mehr erreichbar|perdu de vue|uit het oog verloren",
    "withdrawn": "withdrawn|consent withdrawn|withdrawal of consent|rueckzug|einwilligung zurueckgezogen|"
    "retrait du consentement|ingetrokken|intrekking",
    "moved": "moved|moved away|verzogen|umgezogen|demenage|verhuisd",
    "died": "died|death|deceased|verstorben|tod|gestorben|decede|deces|overleden",
    "study-end": "end of study|study end|studienende|fin d etude|einde studie",
    "mild": "mild|leicht|leger|legere|licht",
    "moderate": "moderate|mittel|mittelschwer|maessig|modere|moderee|matig",
    "severe": "severe|schwer|severe|grave|ernstig",
    "left": "left|links|gauche",
    "right": "right|rechts|droite",
    "both": "both|beide|beidseits|bilateral|les deux|beiderseits",
    "resolved": "resolved|recovered|abgeklungen|genesen|resolu|gueri|hersteld",
    "ongoing": "ongoing|not recovered|andauernd|en cours|aanhoudend|niet hersteld",
    "fatal": "fatal|death|toedlich|fatale|deces|fataal",
    "MRI": "mri|mrt|irm|magnetic resonance imaging",
    "XR": "xr|x ray|xray|radiograph|roentgen|radiographie|roentgenfoto",
    "CT": "ct|computed tomography|scanner",
    "mNY": "mny|modified new york|modifizierte new york|new york modifie|gemodificeerde new york",
    "ASAS-axSpA": "asas axspa|asas axial|asas",
    "ASAS-imaging": "asas imaging|imaging arm|bildgebender arm|bras imagerie",
    "ASAS-clinical": "asas clinical|clinical arm|klinischer arm|bras clinique",
}
TELLING: Final = 9  # letters of a word that means one thing wherever it stands
IN_PLACE_OF: Final = {"positive": "yes", "negative": "no"}  # where a list has no yes and no: HLA-B27, yes


def word_for(label: str, words: Iterable[str]) -> str | None:
    """Return which of our words a label of theirs means, None where it may mean none, or two."""
    words = tuple(words)
    bare = folded(label)
    exact = [word for word in words if bare == folded(word) or bare in _meanings(word)]
    if len(exact) == 1:
        return exact[0]
    held = [word for word in words if any(has_words(bare, each) for each in _meanings(word) if _is_telling(each))]
    return held[0] if len(held) == 1 and not exact and not _is_denied(bare) else None


def _is_telling(meaning: str) -> bool:
    """Return whether a meaning says the same within a longer label: `lost` does not, for an effect is lost as well."""
    return " " in meaning or len(meaning) >= TELLING


def _meanings(word: str) -> set[str]:
    said = {folded(each) for each in MEANINGS.get(word, "").split("|")} - {""}
    return said | ({folded(each) for each in MEANINGS[IN_PLACE_OF[word]].split("|")} if word in IN_PLACE_OF else set())


def _is_denied(label: str) -> bool:
    """Return whether a label says no to what else it says: `not recovered`, `kein Schub`."""
    return any(has_words(label, no) for no in ("no", "not", "kein", "keine", "nicht", "pas", "geen", "niet", "non"))
