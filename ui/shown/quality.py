"""The view "Quality" as HTML: the last evaluation in plain sentences and tables, and what people said of answers. Pure, and
everything that is not ours is escaped."""

from __future__ import annotations

import datetime
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from html import escape
from pathlib import Path

from eval.feedback import Feedback, Verdict
from eval.summary import ALL, Goal, Line, Share, Summary
from ui.shown.days import written
from ui.shown.lines import place_link
from ui.shown.names import LABELS

LAST = 20
# Longer questions are cut in the list; the exported file has them whole.
LONGEST = 300
_WORDS = {
    "en": {
        "local": "Measured on this machine on {day}", "shipped": "Measured by us on {day}, not on this machine",
        "origin": "{where}, with Basis {version} and the index {index}: {n} questions, of which the sources answer {answerable}.",
        "short": "In short",
        "lead": "Of 100 answerable questions {like}, Basis shows the right article first for {first}, and among the first five for {fifth}.",
        "like practitioner": "like those of practitioners", "like everyday": "in everyday words", "like all": "of all kinds",
        "lead refused": "Of 100 questions that the sources do not answer, it refuses {n}.",
        "lead wrongly": "Of 100 questions that the sources do answer, it refuses {n} wrongly.",
        "lead exact": "Where the right article is first and a paragraph, point or statement in it is asked for, that very place is cited for {n} of 100.",
        "lead marked": "On average, of 100 characters marked in a quotation from the right article, {n} belong to the provision that answers.",
        "lead time": "Half of the replies took at most {p50}\u00a0ms, and 95 of 100 at most {p95}\u00a0ms, on the machine that measured.",
        "kinds": "By kind of question", "caption": "How often the right article comes first, or among the first five; an output counts as an article does",
        "questions": "Questions", "number": "Number", "first": "Right article first", "fifth": "Among the first five",
        "brackets": "In brackets, 95\u00a0% intervals: with other questions of the same kind, the share would mostly lie there. The fewer the questions, the wider the interval.",
        "by kind": "By kind", "by language": "By language", "by source": "By what answers them", "by all": "Together",
        "practitioner": "as practitioners ask", "everyday": "in everyday words", "scenario": "cases told in a few sentences",
        "reference": "references by number", "named": "called by a name or a document number", "detail": "details", "follow-up": "follow-up questions",
        "cross-instrument": "comparing instruments", "unlike": "put unlike the questions in the index, on purpose", "public": "as real people put them elsewhere: questionnaires, help pages, forums",
        "language en": "in English", "language fr": "in French", "source treaty": "answered by a Convention",
        "source protocol": "answered by a Protocol", "source output": "answered by an output, project or resource",
        "source document": "answered by a document of your own", "all": "all answerable questions",
        "goals": "Goals, reached and missed", "goals told": "Goals reached: {met} of {n}; missed: {missed}. The missed ones come first.",
        "goals caption": "What Basis should reach, and what was measured", "goal": "Goal", "wanted": "Wanted", "found": "Measured", "state": "State",
        "met": "reached", "missed": "missed", "least": "at least {n}", "most": "at most {n}",
        "practitioner-en first": "practitioners, English: right article first", "practitioner-en fifth": "practitioners, English: among the first five",
        "everyday-en first": "everyday words, English: right article first", "everyday-en fifth": "everyday words, English: among the first five",
        "fr first": "French: right article first", "fr fifth": "French: among the first five",
        "follow-up first": "follow-up questions: right article first", "follow-up fifth": "follow-up questions: among the first five",
        "reference first": "references: right article first", "reference fifth": "references: among the first five",
        "beyond first": "Protocols and outputs: right article first", "beyond fifth": "Protocols and outputs: among the first five",
        "public first": "as real people put them: right article first", "public fifth": "as real people put them: among the first five",
        "off-topic refused": "off the subject: refused", "close refused": "close to the subject, but not in the sources: refused",
        "wrongly refused": "answerable, but refused", "auroc": "confidence parts answerable from unanswerable questions (AUROC; 1 is perfect, 0.5 is chance)",
        "exact": "the exact place inside the right article", "touched": "the marked words touch the provision that answers",
        "calibration": "mean gap between confidence and outcome", "p95": "time of 95 of 100 replies",
        "refusals": "Refusals", "refusals told": "A refusal is a result: Basis says that these sources do not answer, why, and what is nearest. It errs both ways, so look at what is nearest before you conclude that nothing exists.",
        "refusals caption": "Questions that the sources do not answer, by why they do not", "asked": "What is asked", "refused": "Refused", "rightly": "For the right reason",
        "off-topic": "off the subject", "close": "close to the subject, but not in these sources", "no-such-provision": "an article that does not exist",
        "not-a-question": "not a question", "refused all": "all unanswerable questions",
        "confidence": "What the confidence means",
        "confidence told": "The confidence says how sure Basis is that its sources answer the question. It does not say that the first article is the right one, nor how a court would decide.",
        "gap": "On average the confidence and what came true lie {n} points apart (0 is best).",
        "confidence caption": "Questions with about the same confidence, and how many of them the sources really answer", "stated": "Confidence (mean)", "true": "Answered by the sources",
        "apart": "How the questions were kept apart",
        "apart told": "Three sets have no question in common: those in the index, on which the model was trained; those with which Basis was tuned; and those of this report. A test compares them by their words: two count as the same where they share six of ten. Weights, thresholds and the confidence were fitted on the second set only. The questions were written and checked by language models under review, not by lawyers.",
        "limits": "What the figures do not say",
        "limit 1": "How good Basis is on your questions: yours may be of another kind, and no interval covers that.",
        "limit 2": "That nothing is missing: a right article may be quoted, and a second one that matters may not.",
        "limit 3": "How it fares with texts that you install yourself: they have no questions of ours to lead to them, and are found less well.",
        "limit 4": "What the law is: Basis finds and quotes provisions, it does not apply them. It is not legal advice.",
        "limit 5": "How fast it is on your machine: other machines, and busy ones, take other times.",
        "measure": "Measure it yourself",
        "measure told": "In the project's folder, {make} asks all questions of this report again, in a few minutes and offline; this page then shows your figures. {gold} measures your own questions.",
        "said": "What people said of answers", "said none": "No answer has been judged yet.",
        "said where": "Every verdict is kept in {file} on the machine that serves this page, with its question and the earlier ones; nothing is sent elsewhere. You can export the file and delete it.",
        "data folder": "the data folder", "said damaged": "Lines that cannot be read, which are not counted: {n}.",
        "said caption": "Verdicts by kind", "verdict": "Verdict", "said last": "The last verdicts, the newest first (at most {n})",
        "when": "When", "question": "Question", "shown": "Shown first", "said all": "all",
    },
    "fr": {
        "local": "Mesuré sur cette machine le {day}", "shipped": "Mesuré par nous le {day}, et non sur cette machine",
        "origin": "{where}, avec Basis {version} et l'index {index}\u00a0: {n} questions, dont {answerable} auxquelles les sources répondent.",
        "short": "En bref",
        "lead": "Sur 100 questions {like} auxquelles les sources répondent, Basis montre le bon article en tête pour {first}, et parmi les cinq premiers pour {fifth}.",
        "like practitioner": "comme en posent les praticiens et", "like everyday": "en langage courant", "like all": "de toutes sortes",
        "lead refused": "Sur 100 questions auxquelles les sources ne répondent pas, il en refuse {n}.",
        "lead wrongly": "Sur 100 questions auxquelles les sources répondent, il en refuse {n} à tort.",
        "lead exact": "Lorsque le bon article est en tête et que la question vise l'un de ses paragraphes, points ou énoncés, ce passage précis est cité dans {n} cas sur 100.",
        "lead marked": "En moyenne, sur 100 caractères surlignés dans une citation du bon article, {n} appartiennent à la disposition qui répond.",
        "lead time": "La moitié des réponses ont pris au plus {p50}\u00a0ms, et 95 sur 100 au plus {p95}\u00a0ms, sur la machine qui a servi à la mesure.",
        "kinds": "Par type de question", "caption": "Combien de fois le bon article vient en tête, ou parmi les cinq premiers\u00a0; un document compte comme un article",
        "questions": "Questions", "number": "Nombre", "first": "Bon article en tête", "fifth": "Parmi les cinq premiers",
        "brackets": "Entre crochets, les intervalles à 95\u00a0%\u00a0: avec d'autres questions du même type, la part s'y trouverait le plus souvent. Moins il y a de questions, plus l'intervalle est large.",
        "by kind": "Par type", "by language": "Par langue", "by source": "Selon ce qui y répond", "by all": "Ensemble",
        "practitioner": "comme en posent les praticiens", "everyday": "en langage courant", "scenario": "cas décrits en quelques phrases",
        "reference": "renvois par numéro", "named": "désignées par un nom ou une cote", "detail": "détails", "follow-up": "questions complémentaires",
        "cross-instrument": "comparaisons entre instruments", "unlike": "posées exprès autrement que celles de l'index", "public": "telles que le public les pose ailleurs\u00a0: questionnaires, pages d'aide, forums",
        "language en": "en anglais", "language fr": "en français", "source treaty": "réponse dans une Convention",
        "source protocol": "réponse dans un Protocole", "source output": "réponse dans un document, un projet ou une ressource",
        "source document": "réponse dans un de vos documents", "all": "toutes les questions avec réponse",
        "goals": "Objectifs atteints et manqués", "goals told": "Objectifs atteints\u00a0: {met} sur {n}\u00a0; manqués\u00a0: {missed}. Ces derniers viennent d'abord.",
        "goals caption": "Ce que Basis devrait atteindre, et ce qui a été mesuré", "goal": "Objectif", "wanted": "Visé", "found": "Mesuré", "state": "État",
        "met": "atteint", "missed": "manqué", "least": "au moins {n}", "most": "au plus {n}",
        "practitioner-en first": "praticiens, en anglais\u00a0: bon article en tête", "practitioner-en fifth": "praticiens, en anglais\u00a0: parmi les cinq premiers",
        "everyday-en first": "langage courant, en anglais\u00a0: bon article en tête", "everyday-en fifth": "langage courant, en anglais\u00a0: parmi les cinq premiers",
        "fr first": "en français\u00a0: bon article en tête", "fr fifth": "en français\u00a0: parmi les cinq premiers",
        "follow-up first": "questions complémentaires\u00a0: bon article en tête", "follow-up fifth": "questions complémentaires\u00a0: parmi les cinq premiers",
        "reference first": "renvois\u00a0: bon article en tête", "reference fifth": "renvois\u00a0: parmi les cinq premiers",
        "beyond first": "Protocoles et documents\u00a0: bon article en tête", "beyond fifth": "Protocoles et documents\u00a0: parmi les cinq premiers",
        "public first": "telles que le public les pose\u00a0: bon article en tête", "public fifth": "telles que le public les pose\u00a0: parmi les cinq premiers",
        "off-topic refused": "hors sujet\u00a0: refusées", "close refused": "proches du sujet, mais absentes des sources\u00a0: refusées",
        "wrongly refused": "avec réponse, mais refusées", "auroc": "la confiance sépare les questions avec et sans réponse (AUROC\u00a0; 1 est parfait, 0,5 est le hasard)",
        "exact": "le passage exact dans le bon article", "touched": "les mots surlignés touchent la disposition qui répond",
        "calibration": "écart moyen entre la confiance et les faits", "p95": "durée de 95 réponses sur 100",
        "refusals": "Refus", "refusals told": "Un refus est un résultat\u00a0: Basis dit que ces sources ne répondent pas, pourquoi, et ce qui s'en approche le plus. Il se trompe dans les deux sens\u00a0: regardez les dispositions les plus proches avant de conclure qu'il n'existe rien.",
        "refusals caption": "Questions auxquelles les sources ne répondent pas, selon la raison", "asked": "Ce qui est demandé", "refused": "Refusées", "rightly": "Pour la bonne raison",
        "off-topic": "hors sujet", "close": "proche du sujet, mais absent de ces sources", "no-such-provision": "un article qui n'existe pas",
        "not-a-question": "pas une question", "refused all": "toutes les questions sans réponse",
        "confidence": "Ce que signifie la confiance",
        "confidence told": "La confiance dit à quel point Basis est sûr que ses sources répondent à la question. Elle ne dit pas que le premier article est le bon, ni comment un tribunal trancherait.",
        "gap": "En moyenne, la confiance et les faits s'écartent de {n} points (0 est le mieux).",
        "confidence caption": "Questions de confiance voisine, et part de celles auxquelles les sources répondent vraiment", "stated": "Confiance (moyenne)", "true": "Avec réponse dans les sources",
        "apart": "Comment les questions ont été tenues à part",
        "apart told": "Trois ensembles n'ont aucune question en commun\u00a0: celles de l'index, qui ont servi à entraîner le modèle\u00a0; celles qui ont servi à régler Basis\u00a0; celles de ce rapport. Un test les compare d'après leurs mots\u00a0: deux questions sont tenues pour la même lorsqu'elles en partagent six sur dix. Les poids, les seuils et la confiance ont été réglés sur le deuxième ensemble seulement. Les questions ont été écrites et vérifiées par des modèles de langage, sous contrôle, et non par des juristes.",
        "limits": "Ce que les chiffres ne disent pas",
        "limit 1": "Ce que vaut Basis sur vos questions\u00a0: elles peuvent être d'un autre type, et aucun intervalle n'en tient compte.",
        "limit 2": "Que rien ne manque\u00a0: un bon article peut être cité sans qu'un second, qui compte aussi, le soit.",
        "limit 3": "Ce qu'il en est des textes que vous installez vous-même\u00a0: aucune de nos questions n'y mène, et ils sont moins bien trouvés.",
        "limit 4": "Ce qu'est le droit\u00a0: Basis trouve et cite des dispositions, il ne les applique pas. Ce n'est pas un avis juridique.",
        "limit 5": "Sa vitesse sur votre machine\u00a0: d'autres machines, ou une machine occupée, prennent un autre temps.",
        "measure": "Mesurer vous-même",
        "measure told": "Dans le dossier du projet, {make} pose à nouveau toutes les questions de ce rapport, en quelques minutes et sans connexion\u00a0; cette page montre ensuite vos chiffres. {gold} mesure vos propres questions.",
        "said": "Ce qui a été dit des réponses", "said none": "Aucune réponse n'a encore été jugée.",
        "said where": "Chaque avis est gardé dans {file} sur la machine qui héberge cette page, avec sa question et les précédentes\u00a0; rien n'est envoyé ailleurs. Vous pouvez exporter ce fichier et le supprimer.",
        "data folder": "le dossier des données", "said damaged": "Lignes illisibles, qui ne sont pas comptées\u00a0: {n}.",
        "said caption": "Avis par type", "verdict": "Avis", "said last": "Les derniers avis, le plus récent d'abord ({n} au plus)",
        "when": "Date", "question": "Question", "shown": "Montré en tête", "said all": "tous",
    },
}  # fmt: skip
# The bodies of the table by kind, and which groups stand in each.
_PARTS: tuple[tuple[str, Callable[[str], bool]], ...] = (
    ("by kind", lambda name: name != ALL and not name.startswith(("language ", "source "))),
    ("by language", lambda name: name.startswith("language ")),
    ("by source", lambda name: name.startswith("source ")),
    ("by all", lambda name: name == ALL),
)


def _decimal(value: float, places: int, lang: str) -> str:
    text = f"{value:.{places}f}"
    return text if lang == "en" else text.replace(".", ",")


def _percent(share: float, lang: str) -> str:
    return _decimal(100 * share, 1, lang) + ("%" if lang == "en" else "\u00a0%")


def _of_hundred(share: float) -> int:
    """The share in whole hundredths; 100 and 0 are said only where no question is an exception."""
    if share in (0, 1):
        return round(100 * share)
    return min(99, max(1, int(100 * share + 0.5)))


def _day(iso: str, lang: str) -> str:
    """`22 November 2026`, `1er mars 2026`, as a time that programs can read."""
    day = datetime.date.fromisoformat(iso)
    return f'<time datetime="{day.isoformat()}">{written(day, lang)}</time>'


def _table(caption: str, heads: Sequence[str], bodies: Iterable[str], kind: str) -> str:
    """A table of ready bodies, each a `tbody`; heads and caption are ours."""
    columns = "".join(f'<th scope="col">{head}</th>' for head in heads)
    return (
        f'<div class="wide"><table class="{kind}"><caption>{caption}</caption><thead><tr>{columns}</tr></thead>'
        f"{''.join(bodies)}</table></div>"
    )


def _row(head: str, cells: Iterable[str]) -> str:
    figures = "".join(f'<td class="figure">{cell}</td>' for cell in cells)
    return f'<tr><th scope="row">{head}</th>{figures}</tr>'


def _body(rows: Iterable[str]) -> str:
    return f"<tbody>{''.join(rows)}</tbody>"


def _measured(share: Share, label: str, lang: str) -> str:
    """The share as a bar, and in words with its interval; `label` tells a screen reader what the bar is of."""
    text = _percent(share.share, lang)
    bounds = ""
    if share.low is not None and share.high is not None:
        dash = " – " if lang == "en" else "\u00a0; "
        bounds = f' <span class="interval">[{_decimal(100 * share.low, 1, lang)}{dash}{_decimal(100 * share.high, 1, lang)}]</span>'
    return (
        f'<meter min="0" max="100" value="{100 * share.share:.1f}" aria-label="{label}: {text}">{text}</meter> '
        f'<span class="share">{text}</span>{bounds}'
    )


def _name(name: str, w: dict[str, str]) -> str:
    """The words for a name of the figures; one that is not ours, of a file made elsewhere, as it is."""
    return w.get(name) or escape(name)


def _short(summary: Summary, lang: str) -> str:
    w = _WORDS[lang]
    said = [
        w["lead"].format(
            like=w[f"like {name}"], first=_of_hundred(line.first.share), fifth=_of_hundred(line.fifth.share)
        )
        for name in ("practitioner", "everyday", ALL)
        if (line := summary.line(name))
    ]
    unanswerable = next((row for row in summary.refusals if row.ground == ALL), None)
    shares = {
        "lead refused": unanswerable and unanswerable.refused, "lead wrongly": summary.wrongly,
        "lead exact": summary.exact, "lead marked": summary.marked,
    }  # fmt: skip
    said += [w[name].format(n=_of_hundred(share.share)) for name, share in shares.items() if share]
    said.append(w["lead time"].format(p50=_decimal(summary.p50, 0, lang), p95=_decimal(summary.p95, 0, lang)))
    return f'<h3>{w["short"]}</h3><ul class="plain">{"".join(f"<li>{sentence}</li>" for sentence in said)}</ul>'


def _kinds(lines: Sequence[Line], lang: str) -> str:
    w = _WORDS[lang]

    def row(line: Line) -> str:
        name = _name(line.name, w)
        shares = ((line.first, w["first"]), (line.fifth, w["fifth"]))
        return _row(name, (str(line.n), *(_measured(share, f"{name}, {head}", lang) for share, head in shares)))

    bodies = []
    for part, belongs in _PARTS:
        if mine := [row(line) for line in lines if belongs(line.name)]:
            bodies.append(_body([f'<tr><th scope="rowgroup" colspan="4">{w[part]}</th></tr>', *mine]))
    heads = [w[name] for name in ("questions", "number", "first", "fifth")]
    made = _table(w["caption"], heads, bodies, "quality")
    return f"<h3>{w['kinds']}</h3>{made}<p>{w['brackets']}</p>" if lines else ""


def _figure(goal: Goal, value: float, lang: str) -> str:
    if goal.name == "p95":
        return f"{_decimal(value, 1, lang)}\u00a0ms"
    return _decimal(value, 3, lang) if goal.name in ("auroc", "calibration") else _percent(value, lang)


def _goals(goals: Sequence[Goal], lang: str) -> str:
    w = _WORDS[lang]
    if not goals:
        return ""
    rows = []
    for goal in sorted(goals, key=lambda goal: goal.met):
        wanted = _figure(goal, goal.wanted, lang)
        if goal.most or goal.wanted != 1:  # nobody says "at least 100 %"
            wanted = w["most" if goal.most else "least"].format(n=wanted)
        state = "met" if goal.met else "missed"
        told = f'<span class="goal {state}">{w[state]}</span>'
        rows.append(_row(_name(goal.name, w), (wanted, _figure(goal, goal.found, lang), told)))
    met = sum(goal.met for goal in goals)
    told = w["goals told"].format(n=len(goals), met=met, missed=len(goals) - met)
    heads = [w[name] for name in ("goal", "wanted", "found", "state")]
    return f"<h3>{w['goals']}</h3><p>{told}</p>{_table(w['goals caption'], heads, [_body(rows)], 'goals')}"


def _refusals(summary: Summary, lang: str) -> str:
    w = _WORDS[lang]
    rows = []
    for found in summary.refusals:
        name = w["refused all"] if found.ground == ALL else _name(found.ground, w)
        shares = ((found.refused, w["refused"]), (found.rightly, w["rightly"]))
        rows.append(_row(name, (str(found.n), *(_measured(share, f"{name}, {head}", lang) for share, head in shares))))
    heads = [w[name] for name in ("asked", "number", "refused", "rightly")]
    table = _table(w["refusals caption"], heads, [_body(rows)], "quality") if rows else ""
    return f"<h3>{w['refusals']}</h3><p>{w['refusals told']}</p>{table}"


def _confidence(summary: Summary, lang: str) -> str:
    w = _WORDS[lang]
    rows = [_row(_percent(band.confidence, lang), (str(band.n), _percent(band.share, lang))) for band in summary.bands]
    heads = [w[name] for name in ("stated", "number", "true")]
    gap = w["gap"].format(n=_decimal(100 * summary.calibration, 1, lang))
    table = _table(w["confidence caption"], heads, [_body(rows)], "bands") if rows else ""
    return f"<h3>{w['confidence']}</h3><p>{w['confidence told']} {gap}</p>{table}"


def quality_page(summary: Summary, local: bool, lang: str) -> str:
    """The figures for readers who are no engineers. `local`: measured on this machine, not by us; `lang` is the language of
    the interface, "en" or "fr"."""
    w = _WORDS[lang]
    origin = w["origin"].format(
        where=w["local" if local else "shipped"].format(day=_day(summary.made, lang)), version=escape(summary.version),
        index=f"<code>{escape(summary.index)}</code>", n=summary.questions, answerable=summary.answerable,
    )  # fmt: skip
    limits = "".join(f"<li>{w[f'limit {number}']}</li>" for number in range(1, 6))
    measure = w["measure told"].format(make="<code>make eval</code>", gold="<code>basis eval run --gold FILE</code>")
    parts = [
        f'<section class="quality-view" lang="{lang}"><p class="origin">{origin}</p>',
        _short(summary, lang), _kinds(summary.lines, lang), _goals(summary.goals, lang), _refusals(summary, lang),
        _confidence(summary, lang), f"<h3>{w['apart']}</h3><p>{w['apart told']}</p>",
        f'<h3>{w["limits"]}</h3><ul class="limits">{limits}</ul>', f"<h3>{w['measure']}</h3><p>{measure}</p></section>",
    ]  # fmt: skip
    return "\n".join(part for part in parts if part)


def _said(feedback: Feedback, lang: str) -> str:
    """One verdict as a row; the question in its own language and direction, cut where it is long."""
    seen = feedback.shown
    time = datetime.datetime.fromisoformat(feedback.time).astimezone(datetime.UTC)
    question = escape(seen.question[:LONGEST]) + ("…" if len(seen.question) > LONGEST else "")
    first = place_link(seen.cited[0], f"<code>{escape(str(seen.cited[0]))}</code>") if seen.cited else "–"
    return (
        f'<tr><td><time datetime="{time.isoformat()}">{time:%Y-%m-%d %H:%M} UTC</time></td>'
        f'<td class="asked" lang="{seen.lang}" dir="auto">{question}</td><td>{LABELS[lang][feedback.verdict]}</td><td>{first}</td></tr>'
    )


def feedback_page(rows: Sequence[Feedback], lang: str, file: Path | None = None, damaged: int = 0) -> str:
    """What people said of answers: how often each verdict, and the last `LAST`. `rows` in the order of the file, which is
    named where it is given; `damaged` lines of it could not be read."""
    w = _WORDS[lang]
    name = f"<code>{escape(str(file))}</code>" if file else f"<code>feedback.jsonl</code> ({w['data folder']})"
    parts = [
        f'<section class="feedback-view" lang="{lang}"><h3>{w["said"]}</h3>',
        f"<p>{w['said where'].format(file=name)}</p>",
    ]
    if damaged:
        parts.append(f'<p class="damaged">{w["said damaged"].format(n=damaged)}</p>')
    if rows:
        counted = Counter(feedback.verdict for feedback in rows)
        counts = [_row(LABELS[lang][verdict], (str(counted[verdict]),)) for verdict in Verdict]
        counts.append(_row(w["said all"], (str(len(rows)),)))
        parts.append(_table(w["said caption"], [w["verdict"], w["number"]], [_body(counts)], "counts"))
        last = [_said(feedback, lang) for feedback in reversed(rows[-LAST:])]
        heads = [w[name] for name in ("when", "question", "verdict", "shown")]
        parts.append(_table(w["said last"].format(n=LAST), heads, [_body(last)], "verdicts"))
    else:
        parts.append(f"<p>{w['said none']}</p>")
    return "\n".join([*parts, "</section>"])
