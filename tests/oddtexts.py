"""Texts that people paste and type: scripts, emoji, and what editors and attacks leave in them."""

ODD = {
    "emoji with joiners": "Yes 👩‍👩‍👧‍👦 🏳️‍🌈 🤝🏽 🧿",
    "Chinese, Japanese, Korean": "文化创意产业 文化産業 문화산업",
    "Arabic and Hebrew": "الصناعات الثقافية תעשיות יצירה",
    "Devanagari and Thai": "सांस्कृतिक उद्योग क्‍ष วัฒนธรรม",
    "Word's bullets": "\uf0b7 first\r\n\uf0a7 second \uf0e0 third",
    "private use without a meaning": "logo \ue123 and \U000f1234",
    "controls": "bell \x07 escape \x1b[31m null \x00 feed \x0b delete \x7f next \x85 end",
    "turned around": "amount \u202e001\u202c and \u2066inside\u2069 mark \u200f",
    "nothing to see": "in\u200bvis\ufeffible\u2060 j\u200doin\u00ad tag\U000e0041",
    "half a surrogate pair": "half \ud83d other \ude00",
    "accents without end": "z" + "\u0336\u0322\u0353\u0311" * 40,
    "never a character": "\ufffe \uffff \ufdd0 \U0001ffff",
    "four bytes": "𝒳 𐍈 🜁 \U00020000",
    "not assigned": "\u0378 \U000e1000 \U0010fffd",
    "markup": "<b>&amp; ]]> \"q\" 'q' #let $x$ `y` _z_ *w* \\ // @a [b] {c}",
    "lines": "one\u2028two\u2029three\rfour\r\n\r\nfive",
}
