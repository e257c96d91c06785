# SPDX-License-Identifier: Apache-2.0
"""Who buys at the distributor. Invented; the bank codes begin with 99 or Z, which no bank of these countries has."""


def iban(country, body):
    digits = "".join(str(int(c, 36)) for c in body + country + "00")
    return f"{country}{98 - int(digits) % 97:02d}{body}"


def _iban(country, number):
    bodies = {"DE": f"99{number:016d}", "AT": f"99{number:014d}", "NL": f"ZZZZ{number:010d}", "FR": f"99{number:021d}", "PL": f"99{number:022d}",
              "CZ": f"99{number:018d}", "DK": f"99{number:012d}", "CH": f"99{number:015d}", "BE": f"99{number:010d}", "IT": f"Z99{number:020d}",
              "LU": f"99{number:014d}", "SE": f"99{number:018d}"}
    return iban(country, bodies[country])


_NAMES = [
    ("DE", "Müller & Söhne GmbH"), ("DE", "Bäder Höfer KG"), ("DE", "Sanitär Grünwald GmbH & Co. KG"), ("DE", "Heizungsbau Jürgens e.K."),
    ("DE", "Wärmetechnik Österlein GmbH"), ("DE", "Klempnerei Voß"), ("DE", "Rohrnetz Ostsee GmbH"), ("DE", "Stadtwerke Moorhusen AöR"),
    ("DE", "Haustechnik Lindqvist GmbH"), ("DE", "Petersen Installationen"), ("DE", "Bad & Wärme Schröder GmbH"), ("DE", "Energie Süderelbe GmbH"),
    ("DE", "Kaltwasser Anlagenbau AG"), ("DE", "Gebr. Fährmann OHG"), ("DE", "Solar Kehdingen GmbH"), ("DE", "Hansen Bau Holding GmbH"),
    ("DE", "Hansen Hochbau GmbH"), ("DE", "Hansen Tiefbau GmbH"), ("DE", "Hansen Service GmbH"), ("DE", "Wohnbau Elbmarsch eG"),
    ("AT", "Installationen Strasser GmbH"), ("AT", "Bäderwelt Kärntner KG"), ("AT", "Höllriegl Haustechnik"), ("NL", "De Vries Sanitair B.V."),
    ("NL", "Van der Meulen Techniek B.V."), ("NL", "Loodgietersbedrijf Zwaan"), ("FR", "Chauffage Béranger SARL"), ("FR", "Plomberie Étoile SAS"),
    ("PL", "Łukasz Wiśniewski Instalacje"), ("PL", "Hydro-Term Sp. z o.o."), ("CZ", "Dvořák Topení s.r.o."), ("DK", "Sørensen VVS ApS"),
    ("DK", "Ærø Varme A/S"), ("CH", "Brunner Sanitär AG"), ("CH", "Gebäudetechnik Zürcher GmbH"), ("BE", "Sanitaire Leclercq SPRL"),
    ("BE", "Vandenberghe Verwarming BV"), ("IT", "Termoidraulica Conti S.r.l."), ("LU", "Sanichauffer Weber S.à r.l."), ("SE", "Åkerlund Rör AB"),
    ("DE", "Gutsverwaltung Blankensee"), ("DE", "Klinikum Nordheide gGmbH"), ("DE", "Campingplatz Wattblick"), ("DE", "Autohof Geest GmbH"),
]
CUSTOMERS = [dict(number=str(10001 + i), name=name, country=country, iban=_iban(country, 7301000417 + 91823 * i))
             for i, (country, name) in enumerate(_NAMES)]
BY_NAME = {customer["name"]: customer for customer in CUSTOMERS}

# A holding pays for its companies; two neighbors pay for each other; two customers share one account of a service center.
_HOLDING = BY_NAME["Hansen Bau Holding GmbH"]["number"]
for _name in ("Hansen Hochbau GmbH", "Hansen Tiefbau GmbH", "Hansen Service GmbH"):
    BY_NAME[_name]["parent"] = _HOLDING
BY_NAME["De Vries Sanitair B.V."]["pays_for"] = [BY_NAME["Loodgietersbedrijf Zwaan"]["number"]]
BY_NAME["Loodgietersbedrijf Zwaan"]["pays_for"] = [BY_NAME["De Vries Sanitair B.V."]["number"]]
BY_NAME["Energie Süderelbe GmbH"]["pays_for"] = [BY_NAME["Solar Kehdingen GmbH"]["number"]]
_SHARED = _iban("DE", 8800000123)
BY_NAME["Wohnbau Elbmarsch eG"]["more"] = [_SHARED]
BY_NAME["Gutsverwaltung Blankensee"]["more"] = [_SHARED]
SHARED_ACCOUNT = _SHARED
BY_NAME["Müller & Söhne GmbH"]["aliases"] = ["Mueller und Soehne", "M+S Haustechnik"]
BY_NAME["Łukasz Wiśniewski Instalacje"]["aliases"] = ["LW Instalacje"]
BY_NAME["Klinikum Nordheide gGmbH"]["aliases"] = ["Zentralkasse Nordheide"]

# People and companies that are not in the customer list.
STRANGERS = {
    "factor": dict(name="Förde Factoring Bank AG", iban=_iban("DE", 9100000777)),
    "private": dict(name="Karin Wischnewski", iban=_iban("DE", 9100000812)),
    "unknown": dict(name="Hotel Seeadler Betriebs GmbH", iban=_iban("DE", 9100000960)),
    "supplier": dict(name="Armaturenwerk Saale GmbH", iban=_iban("DE", 9100001021)),
    "tax": dict(name="Finanzamt Elbmarsch", iban=_iban("DE", 9100001090)),
}
NEW_ACCOUNT = _iban("DE", 9100002044)
