"""What the parts of countries are called that tell towns of one name apart: as people there write them.

By GeoNames' code. Where a country has no such names, a town is told apart by the larger one near it.
"""

from __future__ import annotations

from collections.abc import Iterator

_AREAS = {
    "FR": """11 Île-de-France|24 Centre-Val de Loire|27 Bourgogne-Franche-Comté|28 Normandie|32 Hauts-de-France
        |44 Grand Est|52 Pays de la Loire|53 Bretagne|75 Nouvelle-Aquitaine|76 Occitanie|84 Auvergne-Rhône-Alpes
        |93 Provence-Alpes-Côte d'Azur|94 Corse""",
    "GB": "ENG England|NIR Northern Ireland|SCT Scotland|WLS Wales",
    "ES": """07 Islas Baleares|27 La Rioja|29 Madrid|31 Murcia|32 Navarra|34 Asturias|39 Cantabria|51 Andalucía
        |52 Aragón|53 Canarias|54 Castilla-La Mancha|55 Castilla y León|56 Cataluña|57 Extremadura|58 Galicia
        |59 País Vasco|60 Comunidad Valenciana|CE Ceuta|ML Melilla""",
    "CA": """01 Alberta|02 British Columbia|03 Manitoba|04 New Brunswick|05 Newfoundland and Labrador|07 Nova Scotia
        |08 Ontario|09 Prince Edward Island|10 Québec|11 Saskatchewan|12 Yukon|13 Northwest Territories|14 Nunavut""",
    "AU": """01 Australian Capital Territory|02 New South Wales|03 Northern Territory|04 Queensland
        |05 South Australia|06 Tasmania|07 Victoria|08 Western Australia""",
    "DE": """01 Baden-Württemberg|02 Bayern|03 Bremen|04 Hamburg|05 Hessen|06 Niedersachsen|07 Nordrhein-Westfalen
        |08 Rheinland-Pfalz|09 Saarland|10 Schleswig-Holstein|11 Brandenburg|12 Mecklenburg-Vorpommern|13 Sachsen
        |14 Sachsen-Anhalt|15 Thüringen|16 Berlin""",
    "MX": """01 Aguascalientes|02 Baja California|03 Baja California Sur|04 Campeche|05 Chiapas|06 Chihuahua
        |07 Coahuila|08 Colima|09 Ciudad de México|10 Durango|11 Guanajuato|12 Guerrero|13 Hidalgo|14 Jalisco
        |15 Estado de México|16 Michoacán|17 Morelos|18 Nayarit|19 Nuevo León|20 Oaxaca|21 Puebla|22 Querétaro
        |23 Quintana Roo|24 San Luis Potosí|25 Sinaloa|26 Sonora|27 Tabasco|28 Tamaulipas|29 Tlaxcala|30 Veracruz
        |31 Yucatán|32 Zacatecas""",
}
#: Parts of a country that have a code of their own, by the code of the country whose centres serve them.
_TERRITORIES = {
    "FR": """GP Guadeloupe|MQ Martinique|GF Guyane|RE Réunion|PM Saint-Pierre-et-Miquelon|YT Mayotte
        |BL Saint-Barthélemy|MF Saint-Martin|WF Wallis-et-Futuna|PF Polynésie française|NC Nouvelle-Calédonie""",
    "US": "PR Puerto Rico|GU Guam|VI US Virgin Islands|AS American Samoa|MP Northern Mariana Islands",
    "GB": "IM Isle of Man|JE Jersey|GG Guernsey",
    "NL": "AW Aruba|CW Curaçao|SX Sint Maarten|BQ Caribisch Nederland",
    "DK": "FO Føroyar|GL Grønland",
    "FI": "AX Åland",
    "NO": "SJ Svalbard",
    "AU": "CX Christmas Island|CC Cocos Islands|NF Norfolk Island",
}
#: What is short for a town, beside which codes of airports are not kept.
SHORT = {
    "New York City": ("nyc",),
    "Los Angeles": ("la",),
    "San Francisco": ("sf",),
    "Washington": ("dc", "washington dc"),
}


def areas() -> Iterator[tuple[str, str, str]]:
    """Iterate over country, code and name of each part."""
    return _split(_AREAS)


def territories() -> Iterator[tuple[str, str, str]]:
    """Iterate over country, own code and name of each territory."""
    return _split(_TERRITORIES)


def _split(table: dict[str, str]) -> Iterator[tuple[str, str, str]]:
    for country, rows in table.items():
        for row in rows.split("|"):
            code, _, name = row.strip().partition(" ")
            yield country, code, name
