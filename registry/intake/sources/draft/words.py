"""What the columns of the intake are called elsewhere: in names of fields, and in four languages in labels and headers.

The words are those of the published questionnaires and of pages that explain them to patients and physicians:

- English: Garrett et al., J Rheumatol 1994;21:2286-2291 (BASDAI); Calin et al., J Rheumatol 1994;21:2281-2285 (BASFI);
  Jenkinson et al., J Rheumatol 1994;21:1694-1698 (BASMI); the field names of the BASDAI and ASDAS in CamCOPS.
- German: axspa.info/mb/mb-assessment.htm (assessments, after issue 13 of the series of the DVMB); bechterew.at,
  "Welche Messwerte"; the S3 guideline on axial spondyloarthritis of the DGRh, 2019.
- French: rhumatismes.net, questions 1630 and 1631 (activity and severity); "Suivi d'un patient spondylarthritique",
  campus de rhumatologie, UNF3S.
- Dutch: stichting-axialespa.nl, "BASDAI & BASFI"; spondylitis.be, "Medisch uitgebreid: opvolging".

They propose and decide nothing. A column that is not here is proposed by its own name alone.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Final, NamedTuple

from registry.intake.sources.draft.folding import closed, folded


class Words(NamedTuple):
    """What a column is called: `names` of fields, which are compared whole, and words of labels, by language.

    All are separated by `|`. A language whose word is the same as in another has nothing.
    """

    column: str  # table.column
    names: str
    en: str
    de: str
    fr: str
    nl: str


PATIENT: Final = Words(
    "patient",
    "patient|patid|patientid|patnr|patno|pid|subject|subjid|usubjid|recordid|studyid|pseudonym|participantid|pat|"
    "patientno|patientnr|patientennr|patientnumber|patientcode|patientenid|npatient|nopatient|nopat|idpatient",
    "patient id|patient number|subject id|study id|record id|participant id",
    "patientennummer|patienten nr|patienten id|patientencode|pseudonym|studiennummer|fallnummer",
    "numero patient|numero du patient|n patient|identifiant patient|code patient|identifiant",
    "patientnummer|patient nummer|deelnemer|studienummer|patientcode",
)
CENTRE: Final = Words(
    "centre",
    "centre|center|site|siteid|dag|redcapdataaccessgroup|zentrum|hospital",
    "study site|recruiting centre",
    "studienzentrum|zentrum|klinik",
    "centre investigateur|centre",
    "centrum|ziekenhuis",
)
COLUMNS: Final = (
    Words("patients.enrolled_on", "enrolledon|enroldate|enrolmentdate|enrollmentdate|dateenrolled|inclusiondate|"
          "dateinclusion|einschlussdatum|einschluss|inclusiedatum|bldate|enrolled|enroled|dateenrolment|dateenrollment|"
          "inclusion|incldate|inclusie|datinclusie|datinclusion|aufnahmedatum",
          "date of enrolment|enrolment date|date of inclusion|inclusion date", "einschlussdatum|datum des einschlusses",
          "date d inclusion", "inclusiedatum|datum van inclusie|datum inclusie"),
    Words("patients.sex", "sex|gender|geschlecht|sexe|geslacht", "sex|gender", "geschlecht", "sexe|genre", "geslacht"),
    Words("patients.birth_year", "birthyear|yearofbirth|yob|byear|geburtsjahr|gebjahr|anneenaissance|geboortejaar",
          "year of birth|birth year", "geburtsjahr|jahrgang", "annee de naissance", "geboortejaar"),
    Words("patients.symptom_onset", "symptomonset|onset|onsetdate|symptombeginn|debutsymptomes|sxonset",
          "symptom onset|onset of symptoms|first symptoms|onset of back pain",
          "symptombeginn|beginn der symptome|erste symptome|beschwerdebeginn",
          "debut des symptomes|premiers symptomes", "begin van de klachten|eerste klachten|begin klachten"),
    Words("patients.diagnosed_on", "diagnosedon|diagnosisdate|dxdate|datediagnosis|diagnosedatum|datediagnostic",
          "date of diagnosis|diagnosis date", "diagnosedatum|datum der diagnose|erstdiagnose", "date du diagnostic",
          "diagnosedatum|datum diagnose"),
    Words("patients.criteria", "criteria|crit|axspacriteria|classification|asascriteria|kriterien|criteres",
          "classification criteria", "klassifikationskriterien", "criteres de classification",
          "classificatiecriteria"),
    Words("patients.hla_b27", "hlab27|b27|hla", "hla b 27", "", "", ""),
    Words("patients.consented_on", "consentedon|consentdate|dateconsent|einwilligung|einwilligungsdatum",
          "date of consent|consent date|signed consent", "datum der einwilligung|einwilligungsdatum",
          "date de consentement|date du consentement", "datum toestemming|toestemmingsdatum"),
    Words("patients.follow_up_ended_on", "followupendedon|followupend|withdrawdate|dropoutdate|eosdate|austritt",
          "end of follow up|date of withdrawal|end of study date", "austrittsdatum|ende der beobachtung",
          "date de sortie|fin de suivi", "einde follow up|datum uitval"),
    Words("patients.follow_up_end_reason", "followupendreason|withdrawreason|dropoutreason|austrittsgrund",
          "reason for withdrawal|reason for end of follow up", "austrittsgrund|grund des austritts",
          "motif de sortie", "reden van uitval"),
    Words("visits.visited_on", "visitedon|visitdate|datevisit|visdate|vdate|visitdt|datum|date|besuchsdatum|"
          "visitendatum|untersuchungsdatum|datevisite|dateconsultation|visitedatum|bezoekdatum",
          "visit date|date of visit|date of assessment|examination date",
          "visitendatum|datum der visite|besuchsdatum|untersuchungsdatum|datum der untersuchung",
          "date de visite|date de la visite|date de consultation", "datum bezoek|bezoekdatum|visitedatum"),
    Words("visits.visit", "visit|visitname|visitlabel|visite|event|timepoint|zeitpunkt|bezoek|besuch",
          "visit name|name of visit|time point", "visite|zeitpunkt", "visite", "bezoek|meetmoment"),
    Words("visits.basdai", "basdai|basdaitotal|basdaiscore|basdaisum|basdaigesamt|basdaitotaal", "basdai", "", "", ""),
    Words("visits.basfi", "basfi|basfitotal|basfiscore|basfigesamt|basfitotaal", "basfi", "", "", ""),
    Words("visits.basmi", "basmi|basmitotal|basmiscore", "basmi", "", "", ""),
    Words("visits.tragus_to_wall", "traguswall|tragustowall|ttw|tragus|traguswand|tragusmur",
          "tragus to wall|tragus wall", "tragus wand abstand|tragus wand", "tragus mur|distance tragus mur",
          "tragus muur|tragus muur afstand"),
    Words("visits.lateral_lumbar_flexion", "lateralflexion|laterallumbarflexion|llf|lsf|seitneigung|"
          "lateralspinalflexion",
          "lateral lumbar flexion|lateral spinal flexion|lateral flexion", "laterale flexion|seitneigung",
          "flexion laterale|inclinaison laterale", "laterale flexie|zijwaartse flexie"),
    Words("visits.lumbar_flexion", "lumbarflexion|mschober|modifiedschober|modschober",
          "modified schober|lumbar flexion", "modifizierter schober", "schober modifie", "gemodificeerde schober"),
    Words("visits.schober", "schober|schobertest", "schober", "schober zeichen|schober mass",
          "indice de schober|test de schober", "schober test"),
    Words("visits.intermalleolar_distance", "intermalleolardistance|intermalleolar|imd",
          "intermalleolar distance", "intermalleolarabstand|intermalleolar abstand|knoechelabstand",
          "distance intermalleolaire", "intermalleolaire afstand"),
    Words("visits.cervical_rotation", "cervicalrotation|cervrot|hwsrotation",
          "cervical rotation|neck rotation", "zervikalrotation|rotation der halswirbelsaeule|hws rotation",
          "rotation cervicale", "cervicale rotatie|nekrotatie"),
    Words("visits.chest_expansion", "chestexpansion|chestexp|atembreite|thoraxexpansion",
          "chest expansion", "atembreite|thoraxexkursion|brustkorbexpansion",
          "ampliation thoracique|expansion thoracique", "thoraxexpansie|thorax expansie|borstkasexpansie"),
    Words("visits.crp", "crp|hscrp|crpvalue|labcrp|crpwert", "crp|c reactive protein", "c reaktives protein",
          "proteine c reactive", "c reactief proteine|c reactive proteine"),
    Words("visits.esr", "esr|bsg|vs|bse|bks|labesr|bsgwert", "esr|erythrocyte sedimentation rate|sedimentation rate",
          "bsg|blutsenkung|blutsenkungsgeschwindigkeit|blutkoerperchensenkungsgeschwindigkeit",
          "vitesse de sedimentation", "bse|bezinking|bezinkingssnelheid"),
    Words("visits.patient_global", "patientglobal|ptglobal|ptga|pga|patglobal|globalpatient|evaglobal|basgw",
          "patient global|patient s global assessment|global assessment by the patient|patient global assessment",
          "patientenglobalurteil|globalurteil patient|globalurteil des patienten|globale krankheitsaktivitaet patient",
          "evaluation globale du patient|eva globale patient|evaluation globale par le patient",
          "globaal oordeel patient|algemeen oordeel patient|globale beoordeling patient"),
    Words("visits.physician_global", "physicianglobal|phga|mdglobal|docglobal|arztglobal|evamedecin",
          "physician global|physician s global assessment|global assessment by the physician",
          "arztglobalurteil|globalurteil arzt|globalurteil des arztes",
          "evaluation globale du medecin|eva globale medecin|eva medecin",
          "globaal oordeel arts|algemeen oordeel arts|globale beoordeling arts"),
    Words("visits.total_back_pain", "totalbackpain|backpain|spinalpain|painback|rueckenschmerz|evarachis",
          "total back pain|spinal pain|back pain", "rueckenschmerz|rueckenschmerzen gesamt|wirbelsaeulenschmerz",
          "douleur du rachis|douleur rachidienne|eva rachidienne", "rugpijn|totale rugpijn"),
    Words("visits.night_back_pain", "nightbackpain|nightpain|painnight|nachtschmerz|evanocturne",
          "night pain|nocturnal back pain|nocturnal pain|back pain at night",
          "nachtschmerz|naechtlicher rueckenschmerz|naechtliche rueckenschmerzen|schmerz nachts",
          "douleur nocturne|douleurs nocturnes", "nachtelijke pijn|nachtelijke rugpijn|rugpijn s nachts"),
    Words("visits.morning_stiffness", "morningstiffness|morgensteifigkeit|mst|raideurmatinale|ochtendstijfheid|msmin",
          "duration of morning stiffness|morning stiffness", "dauer der morgensteifigkeit|morgensteifigkeit",
          "duree de la raideur matinale|raideur matinale|derouillage matinal",
          "duur van de ochtendstijfheid|ochtendstijfheid"),
    Words("visits.asqol", "asqol|asqoltotal|asqolscore", "asqol", "", "", ""),
    Words("visits.asas_hi", "asashi|asashealthindex|ashi", "asas health index|asas hi", "asas gesundheitsindex",
          "indice de sante asas", "asas gezondheidsindex"),
    Words("visits.mases", "mases|masesscore", "mases|maastricht ankylosing spondylitis enthesitis score", "", "", ""),
    Words("visits.swollen_joints_44", "sjc44|swollen44|swollenjoints44", "swollen joints of 44|44 swollen joints",
          "geschwollene gelenke 44", "articulations gonflees 44", "gezwollen gewrichten 44"),
    Words("visits.swollen_joints_66", "sjc66|swollen66|swollenjoints66", "swollen joints of 66|66 swollen joints",
          "geschwollene gelenke 66", "articulations gonflees 66", "gezwollen gewrichten 66"),
    Words("visits.tender_joints_68", "tjc68|tender68|tenderjoints68", "tender joints of 68|68 tender joints",
          "druckschmerzhafte gelenke 68", "articulations douloureuses 68", "pijnlijke gewrichten 68"),
    Words("visits.bas_g_week", "basgweek|basg1|basg1week", "bas g last week|bas g week", "bas g woche", "bas g semaine",
          "bas g week|bas g voorbije week"),
    Words("visits.bas_g_6months", "basg6months|basg2|basg6m", "bas g last six months|bas g 6 months", "bas g 6 monate",
          "bas g 6 mois", "bas g 6 maanden|bas g voorbije zes maanden"),
    Words("treatments.agent", "agent|drug|drugname|med|medication|medname|treatment|medikament|wirkstoff|substanz|"
          "medicament|traitement|middel|medicatie|medicijn|biologic|bio|biologikum|"
          "biological|biologicals|biologics|biologika|biotherapie|biologique|bdmard",
          "drug|medication|name of drug|generic name", "medikament|wirkstoff|substanz|biologikum",
          "medicament|traitement|molecule", "medicijn|medicatie|geneesmiddel|biological"),
    Words("treatments.started_on", "startedon|medstart|drugstart|startdate|treatmentstart|therapiebeginn|medbeginn|"
          "startdatum|datedebut|beginn|debut|start|startyear|startjahr|startjaar|anneedebut",
          "start of treatment|treatment start|start date|drug start",
          "therapiebeginn|beginn der therapie|startdatum", "debut du traitement|date de debut",
          "start behandeling|startdatum|startjaar biological|start biological"),
    Words("treatments.stopped_on", "stoppedon|medstop|medend|drugstop|stopdate|treatmentstop|therapieende|enddate|"
          "stopdatum|datefin|arret|ende|fin|stop", "end of treatment|treatment stop|stop date|drug stop",
          "therapieende|ende der therapie|absetzdatum", "fin du traitement|date d arret|date de fin",
          "stop behandeling|stopdatum|einde behandeling"),
    Words("treatments.stop_reason", "stopreason|reasonstop|medstopreason|absetzgrund|motifarret|redenstop",
          "reason for stop|reason for discontinuation|stop reason|why stopped",
          "absetzgrund|grund des absetzens|abbruchgrund",
          "motif d arret|raison de l arret", "reden van stoppen|stopreden"),
    Words("treatments.dose", "dose|meddose|dosis|dosierung|posologie", "dose", "dosis|dosierung", "dose|posologie",
          "dosis|dosering"),
    Words("treatments.dose_unit", "doseunit|dosisunit|dosiseinheit", "dose unit|unit of dose", "dosiseinheit",
          "unite de dose", "dosiseenheid"),
    Words("treatments.frequency", "frequency|freq|frequenz|medfreq|intervall", "frequency", "frequenz|intervall",
          "frequence", "frequentie"),
    Words("treatments.route", "route|medroute|applikation", "route of administration", "applikationsart|verabreichung",
          "voie d administration", "toedieningsweg"),
    Words("treatments.product", "product|brand|brandname|tradename|handelsname|praeparat|nomcommercial|merknaam",
          "brand name|trade name", "handelsname|praeparat", "nom commercial", "merknaam|handelsnaam"),
    Words("flares.started_on", "flarestart|flaredate|flareon|schubbeginn|datepoussee|opvlamming",
          "start of flare|flare date|flare onset", "schubbeginn|beginn des schubs", "debut de la poussee",
          "begin opvlamming"),
    Words("flares.ended_on", "flareend|schubende", "end of flare", "schubende|ende des schubs", "fin de la poussee",
          "einde opvlamming"),
    Words("flares.severity", "flareseverity|schubschwere", "severity of flare", "schwere des schubs",
          "severite de la poussee", "ernst opvlamming"),
    Words("adverse_events.term", "aeterm|adverseevent|ae|uaw|nebenwirkung|effetindesirable|bijwerking",
          "adverse event", "unerwuenschtes ereignis|nebenwirkung", "evenement indesirable|effet indesirable",
          "bijwerking|ongewenst voorval"),
    Words("adverse_events.started_on", "aestart|aestdtc|aestartdate|aedate",
          "adverse event start|start of adverse event",
          "beginn des unerwuenschten ereignisses", "debut de l evenement indesirable", "begin bijwerking"),
    Words("adverse_events.ended_on", "aeend|aeendtc|aeenddate", "adverse event end|end of adverse event",
          "ende des unerwuenschten ereignisses", "fin de l evenement indesirable", "einde bijwerking"),
    Words("adverse_events.severity", "aesev|aeseverity|aegrade", "severity of adverse event", "schwere des ereignisses",
          "severite de l evenement", "ernst bijwerking"),
    Words("adverse_events.serious", "aeser|aeserious|sae", "serious adverse event", "schwerwiegend", "grave|serieux",
          "ernstig voorval"),
    Words("adverse_events.outcome", "aeout|aeoutcome", "outcome of adverse event", "ausgang des ereignisses",
          "evolution de l evenement", "afloop bijwerking"),
    Words("conditions.condition", "condition|comorbidity|eam|diagnosis|begleiterkrankung|comorbidite|comorbiditeit",
          "comorbidity|extra articular manifestation|concomitant disease", "begleiterkrankung|komorbiditaet",
          "comorbidite|manifestation extra articulaire", "comorbiditeit|bijkomende aandoening"),
    Words("imaging.study", "studycode|accession|accessionnumber|mrid|imagingid", "accession number|imaging study", "",
          "", ""),
    Words("imaging.performed_on", "performedon|mridate|imagingdate|scandate|mrtdatum|dateirm|xraydate|roentgendatum",
          "date of mri|mri date|imaging date|date of imaging", "mrt datum|datum der mrt|roentgendatum",
          "date de l irm|date irm", "mri datum|datum mri"),
    Words("imaging.modality", "modality|modalitaet|modalite|modaliteit", "imaging modality|modality", "modalitaet",
          "modalite", "modaliteit"),
)  # fmt: skip

ITEMS: Final = {  # of an instrument: what its numbered items are called; what follows a name may be a word for question
    "basdai": ("basdai", "bd", "bas dai"),
    "basfi": ("basfi", "bf", "bas fi"),
}
QUESTION: Final = ("q", "f", "i", "item", "items", "frage", "question", "vraag", "nr", "no", "num", "nrs", "vas")
BASDAI_LABELS: Final = (  # item by item, as each is asked
    ("fatigue tiredness|level of fatigue", "muedigkeit|erschoepfung", "fatigue", "vermoeidheid"),
    ("neck back or hip pain|neck back hip pain", "nacken ruecken oder hueftschmerzen|schmerzen in nacken ruecken",
     "douleurs du cou du dos ou des hanches|douleur cou dos hanches", "pijn in nek rug of heupen|nek rug heup"),
    ("pain swelling in joints other than neck back|peripheral pain or swelling|pain or swelling in joints",
     "schmerzen oder schwellungen in anderen gelenken|schmerzen schwellungen in anderen gelenken",
     "douleur gonflement des articulations|articulations en dehors du cou du dos", "gewrichtspijn en of zwelling"),
    ("discomfort from an area tender to touch|tender to touch or pressure", "druckempfindlich|beruehrungsempfindlich",
     "zones sensibles au toucher|sensibles au toucher ou a la pression", "lokale gevoeligheid|gevoelig bij aanraking"),
    ("severity of morning stiffness|level of morning stiffness", "staerke der morgensteifigkeit",
     "intensite de la raideur matinale|severite de la raideur matinale",
     "ernst van de ochtendstijfheid"),
    ("how long does your morning stiffness last", "wie lange dauert die morgensteifigkeit",
     "combien de temps dure la raideur matinale", "hoe lang duurt de ochtendstijfheid"),
)  # fmt: skip
IDENTIFYING: Final = Words(
    "a name, an address or a number that leads to a person",
    "name|firstname|lastname|surname|familyname|givenname|vorname|nachname|nom|prenom|voornaam|achternaam|naam|"
    "email|mail|phone|telephone|tel|telefon|mobile|handy|telefoon|address|adresse|adres|street|strasse|zip|plz|postcode|"
    "ssn|ahv|ahvnummer|bsn|nhs|nhsnumber|mrn|insurancenumber|krankenkassennummer|initials|initialen",
    "first name|last name|family name|patient name|telephone|phone number|e mail|email|home address|social security|"
    "insurance number|medical record number|initials|contact name|contact address",
    "vorname|nachname|familienname|telefonnummer|wohnadresse|anschrift|ahv nummer|versichertennummer|initialen",
    "prenom|nom de famille|numero de telephone|adresse|numero de securite sociale|initiales",
    "voornaam|achternaam|telefoonnummer|huisadres|burgerservicenummer|initialen",
)
BIRTH_DATE: Final = Words(
    "a date of birth",
    "dob|birthdate|dateofbirth|geburtsdatum|gebdat|datenaissance|geboortedatum|brthdtc|bdate",
    "date of birth|birth date",
    "geburtsdatum",
    "date de naissance",
    "geboortedatum",
)


@lru_cache(1024)
def names_of(words: Words) -> frozenset[str]:
    """Return what a whole name may be, without blanks: names of fields, and words of all languages."""
    return frozenset(closed(each) for each in "|".join((words.names, *words[2:])).split("|") if each)


@lru_cache(1024)
def labels_of(words: Words) -> tuple[str, ...]:
    """Return the words that a label may have in it, of all languages, the longest first."""
    said = {folded(each) for each in "|".join(words[2:]).split("|") if each}
    return tuple(sorted(said, key=lambda each: (-len(each), each)))
