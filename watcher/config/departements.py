"""The départements of the region: the codes that the YAML may name."""

from collections.abc import Mapping

DEPARTEMENTS: Mapping[str, str] = {
    "09": "Ariège",
    "11": "Aude",
    "12": "Aveyron",
    "30": "Gard",
    "31": "Haute-Garonne",
    "32": "Gers",
    "34": "Hérault",
    "46": "Lot",
    "48": "Lozère",
    "65": "Hautes-Pyrénées",
    "66": "Pyrénées-Orientales",
    "81": "Tarn",
    "82": "Tarn-et-Garonne",
}
"""INSEE, Code officiel géographique: the thirteen départements of région 76."""
