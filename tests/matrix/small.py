"""A small matrix, and an encoder that knows nothing: enough for what needs no model."""

import hashlib
import re

import numpy as np

from bot.matrix import engine, learn, weigh, words
from bot.matrix.load import load

HEAD = """
schema_version: 1
tiers:
  U0: {title: {en: Now, es: Ya}, acknowledge_within: 5, ladder: [{after: 0, who: owner}]}
  U1: {title: {en: At once, es: De inmediato}, acknowledge_within: 15, ladder: [{after: 0, who: owner}]}
  U2: {title: {en: In an hour, es: En una hora}, acknowledge_within: 60, ladder: [{after: 0, who: owner}]}
  U4: {title: {en: Next day, es: Luego}, acknowledge_within: 1440, ladder: [{after: 0, who: owner}]}
roles:
  clinical_lead: {en: Clinical lead, es: Dirección clínica}
  coordinator: {en: Coordinator, es: Coordinación}
owners:
  clinical_lead: {title: {en: Clinical lead, es: Dirección clínica}, role: clinical_lead}
lines:
  "911": {text: {en: Call 911, es: Llama al 911}, number: "911"}
rows:
"""  # noqa: E501

ROW = """
  - key: {key}
    kind: trigger
    title: {{en: {title}, es: {title} es}}
    wording: {{en: Short words., es: Pocas palabras.}}
    tier: {tier}
    owner: clinical_lead
    route: {{role: clinical_lead, backup: coordinator, channel: clinical}}
    call_first: [911]
    first_actions: {{en: [Stay.], es: [Quédate.]}}
    do_not: {{en: [Wait., Promise.], es: [Esperar., Prometer.]}}
    owed: {{within: 60, en: Writes back., es: Responde.}}
    row_owner: clinical_lead
    reviewed_on: 2026-01-01
    review_by: 2027-01-01
    quiz:
      question: {{en: What first about {title}?, es: Qué primero con {title}?}}
      choices: [{{en: One, es: Uno}}, {{en: Two, es: Dos}}, {{en: Three, es: Tres}}]
      answer: 1
      because: {{en: So., es: Así.}}
"""

ROWS = (
    HEAD
    + ROW.format(key="fire", title="Fire", tier="U0")
    + ROW.format(key="smoke", title="Smoke", tier="U2").replace("kind:", "under: fire\n    kind:")
    + ROW.format(key="ride", title="A ride", tier="U4")
)

PACKS = {
    "packs/fire.yml": """
row: fire
live:
  fire:
    en: [the house is burning down, flames are coming out of the roof, the kitchen is on fire now,
         he set the couch on fire and it is burning, everything is in flames here]
    es: [la casa se esta quemando, hay llamas en el techo, la cocina esta en fuego ahora]
  smoke:
    en: [there is a smell of smoke in the hallway, smoke comes under the door,
         i smell something burnt]
    es: [huele a humo en el pasillo, sale humo por la puerta]
not_live:
  training: {en: [for the fire quiz which answer is right, slides for the fire training], es: []}
  past:
    en: [the house burned down last year, there was a fire in june]
    es: [se quemo hace un año]
denied:
  - {text: "denies any fire, needs a lift to the clinic", asks: ride}
""",
    "packs/ride.yml": """
row: ride
live:
  ride:
    en: [needs a lift to the clinic, can i drive her to court, who pays for a bus pass,
         he asks for a ride to the pharmacy, may i use the van for a client]
    es: [necesita un aventon a la clinica, puedo llevarla a la corte en mi carro]
""",
    "packs/background.yml": """
background:
  everyday:
    en: [what is for lunch, the printer is out of paper, when is the staff meeting, thanks a lot,
         good morning everybody, my password does not work]
    es: [que hay de comer, no sirve la impresora, gracias]
  figurative:
    en: [this form is killing me, i am dead tired, that meeting was a trainwreck]
""",
    "packs/slang.yml": "slang: {en: {hosp: hospital, w/: with}}",
}


def matrix(**replaced):
    """The small matrix; `rows` and the packs' names can be given another text."""
    texts = {"matrix.yml": ROWS, **PACKS}
    return load({**texts, **replaced})


class Hashed:
    """This is an encoder: words that two texts share make them alike, and nothing else does."""

    name = "multilingual"

    def __init__(self):
        self.asked = []

    def encode(self, texts):
        self.asked += texts
        out = np.zeros((len(texts), 64), dtype=np.float32)
        for row, text in zip(out, texts, strict=True):
            for word in re.findall(r"\w+", text) or ["nothing"]:
                row[hashlib.sha256(word.encode()).digest()[0] % 64] += 1
            row[:] /= np.linalg.norm(row)
        return out


def made(whole, encoders=()):
    """An engine of this matrix, made here and kept nowhere."""
    found = learn.all_examples(whole)
    reader = words.reader((one.text for one in found), whole.slang, frozenset({"house", "fine"}))
    learned = learn.learn(whole, reader, encoders, lambda what, done, of: None)
    layout = weigh.layout(whole, learned.columns)
    scale = weigh.fit(learned.unseen, found, layout)
    return engine.Engine(whole, found, reader, learned, layout, scale, tuple(encoders))
