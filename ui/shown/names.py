"""What roles of provisions, groups of instruments, relations and verdicts are called, by language."""

from __future__ import annotations

from eval.feedback import Verdict

# The roles that articles of treaties have in the corpus, in the order in which a practitioner meets them.
ROLES = {
    "definition": {"en": "Definitions", "fr": "Définitions"},
    "offence": {"en": "Offences", "fr": "Infractions"},
    "ancillary-liability": {"en": "Attempt, aiding, legal persons", "fr": "Tentative, complicité, personnes morales"},
    "sanction": {"en": "Sanctions", "fr": "Sanctions"},
    "jurisdiction": {"en": "Jurisdiction", "fr": "Compétence"},
    "prosecution": {"en": "Investigation and prosecution", "fr": "Enquêtes et poursuites"},
    "procedural-power": {"en": "Procedural powers", "fr": "Pouvoirs procéduraux"},
    "safeguard": {"en": "Conditions and safeguards", "fr": "Conditions et sauvegardes"},
    "international-co-operation": {"en": "International co-operation", "fr": "Coopération internationale"},
    "data": {"en": "Data protection and records", "fr": "Protection et enregistrement des données"},
    "prevention": {"en": "Prevention", "fr": "Prévention"},
    "victim-protection": {"en": "Protection of victims", "fr": "Protection des victimes"},
    "child-friendly-procedure": {"en": "Child-friendly procedure", "fr": "Procédure adaptée aux enfants"},
    "monitoring": {"en": "Monitoring", "fr": "Suivi"},
    "general": {"en": "Purposes and principles", "fr": "Objet et principes"},
    "final-clause": {"en": "Final clauses", "fr": "Clauses finales"},
}
GROUPS = {
    "treaties": {"en": "Treaties and protocols", "fr": "Traités et protocoles"},
    "explanatory reports": {"en": "Explanatory reports", "fr": "Rapports explicatifs"},
    "committee outputs": {"en": "Committee outputs", "fr": "Travaux des comités"},
    "recommendations and strategies": {
        "en": "Recommendations, strategies, guidelines",
        "fr": "Recommandations, stratégies, lignes directrices",
    },
    "projects and resources": {"en": "Projects and resources", "fr": "Projets et ressources"},
    "own documents": {"en": "Your documents", "fr": "Vos documents"},
}
# How an article or output stands to another, by language.
RELATIONS = {
    "interprets": {"en": "Interprets", "fr": "Interprète"},
    "interpreted-by": {"en": "Interpreted by", "fr": "Interprété par"},
    "supplements": {"en": "Supplements", "fr": "Complète"},
    "supplemented-by": {"en": "Supplemented by", "fr": "Complété par"},
    "explains": {"en": "Explains", "fr": "Explique"},
    "explained-by": {"en": "Explained by", "fr": "Expliqué par"},
    "monitors": {"en": "Monitors", "fr": "Assure le suivi de"},
    "monitored-by": {"en": "Monitored by", "fr": "Suivi assuré par"},
    "implements": {"en": "Implements", "fr": "Met en œuvre"},
    "implemented-by": {"en": "Implemented by", "fr": "Mis en œuvre par"},
    "replaces": {"en": "Replaces", "fr": "Remplace"},
    "replaced-by": {"en": "Replaced by", "fr": "Remplacé par"},
    "follows": {"en": "Follows", "fr": "Fait suite à"},
    "followed-by": {"en": "Followed by", "fr": "Suivi de"},
    "refers-to": {"en": "Refers to", "fr": "Renvoie à"},
    "referred-to-by": {"en": "Referred to by", "fr": "Cité par"},
    "issued-by": {"en": "Issued or run by", "fr": "Émane de"},
    "issues": {"en": "Has issued or runs", "fr": "A publié ou gère"},
    "about": {"en": "Is about", "fr": "Porte sur"},
    "stated-by": {"en": "Mentioned in", "fr": "Mentionné dans"},
}
# What people may say of an answer.
LABELS = {
    "en": {
        Verdict.USEFUL: "Useful", Verdict.WRONG_ARTICLE: "Wrong article", Verdict.SHOULD_HAVE_REFUSED: "Should have refused",
        Verdict.SHOULD_HAVE_ANSWERED: "Should have answered",
    },
    "fr": {
        Verdict.USEFUL: "Utile", Verdict.WRONG_ARTICLE: "Mauvais article", Verdict.SHOULD_HAVE_REFUSED: "Aurait dû refuser",
        Verdict.SHOULD_HAVE_ANSWERED: "Aurait dû répondre",
    },
}  # fmt: skip


def plural(number: int, one: str, many: str, lang: str) -> str:
    """The form that the number takes: French has 0 and 1 in the singular, English 1 only."""
    return many if (number > 1 if lang == "fr" else number != 1) else one
