"""Which products are the originator of their substance, and which are biosimilars of it, where that is known.

An originator is a product of whoever brought the substance to patients first, under whichever name it is or was sold;
a biosimilar is one that was authorised as similar to it, by EMA (public assessment reports) or by FDA (Purple Book,
licences under section 351(k)). What is neither stands in no list: Zymfentra was licensed by FDA as a drug of its own,
and Remsima SC is an extension of a biosimilar to a way of giving it that the originator lacks. The kind of the
small old drugs is not told either: who was the first with naproxen says nothing to a registry of spondyloarthritis.
"""

from __future__ import annotations

from typing import Final

ORIGINATORS: Final = frozenset({
    "Enbrel", "Lifmior",
    "Remicade",
    "Humira", "Trudexa",
    "Cimzia",
    "Simponi", "Simponi Aria",
    "Kineret",
    "Ilaris",
    "Actemra", "RoActemra",
    "Kevzara",
    "Stelara",
    "Cosentyx",
    "Kyntheum", "Lumicef", "Siliq",
    "Taltz",
    "Efleira",
    "Bimzelx", "bimekizumab-bkzx",
    "Tremfya",
    "Ilumetri", "Ilumya", "tildrakizumab-asmn",
    "Skyrizi", "risankizumab-rzaa",
    "Omvoh", "mirikizumab-mrkz",
    "Xeljanz", "Xeljanz XR",
    "Olumiant",
    "Rinvoq", "Rinvoq LQ",
    "Jyseleca",
    "Sotyktu",
    "Otezla",
    "Orencia",
    "MabThera", "Rituxan",
})  # fmt: skip

BIOSIMILARS: Final = frozenset({
    # etanercept
    "Benepali", "Erelzi", "Eticovo", "Nepexto", "etanercept-szzs", "etanercept-ykro",
    # infliximab; infliximab-dyyb is Inflectra and Zymfentra, and of neither kind therefore
    "Avsola", "Flixabi", "Inflectra", "Ixifi", "Remsima", "Renflexis", "Zessly",
    "infliximab-abda", "infliximab-axxq", "infliximab-qbtx",
    # adalimumab
    "Abrilada", "Amgevita", "Amjevita", "Amsparity", "Cyltezo", "Hadlima", "Halimatoz", "Hefiya", "Hukyndra", "Hulio",
    "Hyrimoz", "Idacio", "Imraldi", "Kromeya", "Libmyris", "Simlandi", "Solymbic", "Yuflyma", "Yusimry",
    "adalimumab-aacf", "adalimumab-aaty", "adalimumab-adaz", "adalimumab-adbm", "adalimumab-afzb", "adalimumab-aqvh",
    "adalimumab-atto", "adalimumab-bwwd", "adalimumab-fkjp", "adalimumab-ryvk",
    # golimumab
    "Gobivaz", "Gotenfia",
    # tocilizumab
    "Avtozma", "Tofidence", "Tyenne", "tocilizumab-aazg", "tocilizumab-anoh", "tocilizumab-bavi",
    # ustekinumab
    "Absimky", "Eksunbi", "Fymskina", "Imuldosa", "Otulfi", "Pyzchiva", "Selarsdi", "Starjemza", "Steqeyma", "Usymro",
    "Uzpruvo", "Wezenla", "Wezlana", "Yesintek",
    "ustekinumab-aauz", "ustekinumab-aekn", "ustekinumab-auub", "ustekinumab-hmny", "ustekinumab-kfce",
    "ustekinumab-srlf", "ustekinumab-stba", "ustekinumab-ttwe",
    # rituximab
    "Blitzima", "Ituxredi", "Riabni", "Ritemvia", "Rituzena", "Rixathon", "Riximyo", "Ruxience", "Truxima",
    "rituximab-abbs", "rituximab-arrx", "rituximab-pvvr",
})  # fmt: skip
