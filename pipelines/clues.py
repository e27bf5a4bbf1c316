"""Words, folded, that tell a place from a person, a street or a thing when they stand beside a name.

French first, then Occitan, Catalan, Spanish and English.
"""

import re


def _set(words: str) -> frozenset[str]:
    return frozenset(words.split())


PREPOSITIONS = _set(
    "a vers sur depuis dans jusqu en entre via direction pres cote autour secteur in at near from to "
    "around dins desde hacia cerca prop cap enta fins hasta des vanuit naar bij rond nach bei aus nahe vicino",
)
"""Come right before a place, and seldom before a person."""

OF = _set("de d du des del dels of da do della")
CONTRACTIONS = _set("au aux du des al del")
ARTICLES = _set("le la les l lo los las els el the lou")
DETERMINERS = _set(
    "un une ce cette ces chaque mon ma mes ton ta son sa notre votre leur quel quelle una uno",
)
"""Never come before a commune whose name is doubtful."""

OWNING = _set("un une ce mon ma")
"""Never come before a commune at all, unless it stands for its wine or its team."""

HEADS = _set(
    "gare gares lycee lycees internat internats bahut prepa cfa mfr college colleges ecole ecoles mairie maire ville "
    "village villages hopital hopitaux chu chr ch clinique greta marche marches prefecture prefet universite fac "
    "aeroport office habitants habitant commune communes canton stade plage plages port vallee gorges pays cci "
    "tribunal commissariat pompiers festival fete feria foire campus iut metropole agglo agglomeration quartier "
    "centre peripherique rocade pont departement bassin arrondissement region secteur cote entree sortie peage "
    "echangeur zone marina theatre musee cathedrale abbaye abbatiale chateau cite eglise gendarmerie prison maternite "
    "urgences mediatheque piscine gymnase club equipe rugby basket hand foot vignoble vignes vins vin appellation "
    "marathon course triathlon carnaval place route environs hauteurs proximite pres autour dessus dessous dehors "
    "loin hauteur niveau exterieur interieur plaine plateau conseil sud nord est ouest lyceens habitante eleveurs "
    "viticulteurs agriculteurs station train trains ter ligne bus car navette tram intercites liceu liceo institut "
    "escola estacion estacio pueblo ciutat ciudad mercat vila vilatge esat ehpad creche salle depart infirmier "
    "infirmiere infirmieres medecin medecins docteur docteurs kine dentiste pharmacie cabinet sapeurs boulangerie "
    "boulanger epicerie epicier boucherie librairie brasserie atelier usine scierie abattoir moulin domaine "
    "cooperative vigneron vignerons eleveur eleveuse paysan paysans berger bergers maraicher agriculteur artisan "
    "commerce commerces commercants jeunes anciens voisins parents eleves collegiens gamins sinistres riverains "
    "usagers elus conseillere conseiller reserve foret lac barrage riviere pic col sommet massif thermes camping gite "
    "refuge sentier passage cantine halle halles foyer maison bibliotheque salines cave journal radio vesin vesins "
    "ostal gent bressola escoles veins metge bodega ayuntamiento arrivee municipal municipale fira trobada teatre "
    "parking cascade",
)
"""Belong to a place: "gare de", "les lycéens de", "le train pour"."""

TITLES = _set(
    "mme mr mrs madame monsieur mlle mademoiselle dr docteur maitre me prof professeur senora senor",
)
NAMING = _set(
    "appelle appelles appelait appeler appele appelee prenomme prenommee nomme nommee baptise baptisee "
    "surnomme named called llama llamado dit diu",
)
NAMESAKES = _set(
    "prenom prenoms surnom pseudo pseudonyme patronyme anagramme palindrome lapsus homonyme calembour orthographe "
    "prononce prononcent prononcer signifie baptise surnommee rebaptise autocorrect autocorrects typo pronounced "
    "surname nickname nombre apellido cognom",
)
"""Speak of a name and not of what bears it."""

NAMED_THINGS = _set(
    "chat chatte chaton chien chienne chiot cheval jument poney lapin chanson morceau titre single track "
    "song remix album cat dog puppy kitten perro gato gos jeu game parfum cocktail restaurant hotel "
    "modele marque tissu canape",
)
"""Bear a town's name without being there."""

STREETS = _set(
    "rue rues avenue av ave bld blvd boulevard boulevards impasse allee allees quai faubourg fbg passage "
    "square residence street carrer calle",
)
ROADS = _set("place route chemin porte pont cours rond sentier hotel restaurant bar cafe brasserie")
"""Bear the name of a town that may be far: only a doubt."""

STREETS_AFTER = _set(
    "street hill drive lane way court heights middle high estate road square terrace gardens goose geese "
    "crescent parade avenue blvd",
)
LINKERS = _set("sur sous les lez en de du la le l d des aux au saint sainte es")
"""After a hyphen, make a longer name of which the gazetteer knows nothing."""

COUNTED = _set("n no numero")
TAG_COMPANIONS = _set(
    "tourisme tourism visit aime love city metropole agglo habitat en in info actu news rugby foot basket "
    "departement le la",
)
OURS = _set("occitanie occitania delga languedoc")
"""Name the region as a whole."""

LEADS = _set(
    "par ici pareil merci voici voila our your que qu si et ou ni mais car donc or quand comme lorsque puisque parce "
    "apres avant sans avec contre face plus moins habite habiter habitons habitent visite visiter visitez visitons "
    "quitte quitter rejoindre rejoint rejoins decouvrir decouvre aime aimer adore adorer j'adore relie relier relient "
    "reliera traverse traverser dessert desservir bat battre affronte recoit bloque bloquer touche frappe gagne "
    "envahit inonde pres bonjour salut coucou allez allo vive aupa adieu depart arrivee est sont c'est reste love "
    "visit leave and but with than vs visitar",
)
"""May come right before a town that no preposition introduces: "j'habite Toulouse", "si Albi gagne"."""

QUOTES = {"«": "»", "“": "”", '"': '"', "‘": "’", "'": "'"}
JOINT = re.compile(
    r"\s*(?:[,/–→>&(\-]+|et|y|i|e|and|ou|à|a|to|vers|en|dans)\s*(?:(?:en|dans|à|a|de|du|d|le|la|l|les)[\s'’]*){0,2}",
    re.IGNORECASE,
)
"""Joins two names of a list or of a journey: "Albi et Castres", "Cahors > Toulouse", "Mirande, dans le Gers"."""
