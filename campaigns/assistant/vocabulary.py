"""Words that a campaign shouldn't use, by language, and the matcher that finds them. Data and a pure function.

Shared by the check at submission and by the assistant that helps to write, so that both say the same.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

Texts = dict[str, str]


@dataclass(frozen=True, slots=True)
class Kind:
    """Why a family of words is a trouble, and what to write instead, in both languages. `serious`: mostly unlawful."""

    code: str
    serious: bool
    why: Texts
    instead: Texts


@dataclass(frozen=True, slots=True)
class Claim:
    """One find: the words as they stand, with what is around them."""

    kind: Kind
    words: str
    start: int
    end: int
    around: str


ABSOLUTE = Kind(
    "absolute", False,
    {"en": "Nobody can show that this is so: an absolute claim misleads, and advertising law forbids many of them.",
     "zh-hans": "绝对化用语无从证明，容易误导支持者，《广告法》也禁止其中许多说法。"},
    {"en": "Say what you measured, against what, and when.", "zh-hans": "写明测了什么、与什么相比、何时测的。"},
)  # fmt: skip
GUARANTEE = Kind(
    "guarantee", True,
    {"en": "A campaign may fail or be late: nothing about it can be promised without a risk.",
     "zh-hans": "项目可能失败或延期，不能承诺毫无风险或必然成功。"},
    {"en": "Name the risk and what you will do then.", "zh-hans": "说明风险，以及届时怎么办。"},
)  # fmt: skip
RETURNS = Kind(
    "returns", True,
    {"en": "Backers are no investors here: interest, dividends and profit may not be offered.",
     "zh-hans": "支持者不是投资人：不得承诺利息、分红或收益。"},
    {"en": "Offer what you make, not money.", "zh-hans": "以作品或产品回馈，不以金钱回报。"},
)  # fmt: skip
MEDICAL = Kind(
    "medical", True,
    {"en": "Only an approved medicine or device may claim to heal or to prevent an illness.",
     "zh-hans": "只有经批准的药品或医疗器械才可宣称疗效或预防疾病。"},
    {"en": "Describe comfort or use, and leave illness out.", "zh-hans": "只写使用感受与用途，不提治病。"},
)  # fmt: skip
FORBIDDEN = Kind(
    "forbidden", True,
    {"en": "Goods of this kind can't be offered on this platform.", "zh-hans": "本平台不接受此类物品。"},
    {"en": "Leave it out, or explain to the reviewer why it isn't what it seems.",
     "zh-hans": "请删去；若属误会，请向审核人说明。"},
)  # fmt: skip
PRESSURE = Kind(
    "pressure", False,
    {"en": "Pressure makes people back what they don't want.", "zh-hans": "催促会让人支持自己并不想要的东西。"},
    {"en": "Give the true number or date.", "zh-hans": "写出真实的数量或日期。"},
)  # fmt: skip

# Regular expressions: in English between word borders, in Chinese as they stand.
ENGLISH: dict[str, tuple[Kind, tuple[str, ...]]] = {
    "absolute": (
        ABSOLUTE,
        (
            r"(?:the )?(?:world|nation|country|industry)(?:'s|’s| wide)? (?:first|best|only|leading|number one)",
            r"(?:number one|no\. ?1|#1) in the (?:world|industry|market)",
            r"best in the (?:world|industry|market)",
            r"(?:absolutely|completely|totally) (?:safe|waterproof|unbreakable|harmless|natural)",
            r"never (?:breaks?|fails?|wears out)",
            r"lasts? forever",
            r"indestructible",
            r"unbreakable",
            r"perfect in every way",
            r"(?:unrivall?ed|unmatched|unbeatable|second to none)",
            r"100 ?% (?:safe|effective|natural|waterproof|satisfaction)",
        ),
    ),
    "guarantee": (
        GUARANTEE,
        (
            r"risk[- ]free",
            r"no risks?(?: at all| whatsoever)?",
            r"zero risk",
            r"guaranteed? (?:success|delivery|to (?:ship|succeed|work|arrive))",
            r"success is guaranteed",
            r"(?:can|could)(?:not|n['’]t) (?:possibly )?fail",
            r"foolproof",
            r"without any risk",
        ),
    ),
    "returns": (
        RETURNS,
        (
            r"return on (?:your )?investment",
            r"(?:guaranteed|fixed|monthly|annual|high) (?:returns?|yields?|interest|dividends?)",
            r"passive income",
            r"double your money",
            r"profit[- ]shar(?:e|ing)",
            r"equity stake",
            r"earn (?:back )?\d+ ?%",
        ),
    ),
    "medical": (
        MEDICAL,
        (
            r"(?:cures?|heals?) (?:cancer|diabetes|arthritis|insomnia|depression|anxiety|pain|allerg\w+)",
            r"(?:cures?|heals?) (?:any |every |all )?(?:illness|disease)\w*",
            r"miracle (?:cure|remedy)",
            r"clinically proven",
            r"fda[- ]approved",
            r"no side[- ]effects?",
            r"prevents? (?:cancer|diabetes|covid\S*|illness|disease)",
            r"anti[- ]?cancer",
            r"boosts? (?:your )?immun\w+",
            r"detox(?:es|ify|ifies|ification)?",
        ),
    ),
    "forbidden": (
        FORBIDDEN,
        (
            r"firearms?",
            r"handguns?",
            r"ammunition",
            r"e-?cigarettes?",
            r"vap(?:e|es|ing) (?:juice|liquid|pens?)",
            r"casinos?",
            r"lottery tickets?",
            r"sports betting",
            r"cannabis",
            r"(?:elephant|real|genuine) ivory",
            r"pornograph\w+",
        ),
    ),
    "pressure": (
        PRESSURE,
        (
            r"act now",
            r"hurry(?: up)?",
            r"last chance ever",
            r"once[- ]in[- ]a[- ]lifetime",
            r"before it['’]?s too late",
        ),
    ),
}
CHINESE: dict[str, tuple[Kind, tuple[str, ...]]] = {
    "absolute": (
        ABSOLUTE,
        (
            r"(?:全球|世界|全国|国内|行业|业内|史上)(?:首创|首个|首款|第一|最[佳好强大先进顶]+|唯一|领先|顶级)",
            r"国家级",
            r"世界级",
            r"最高级",
            r"最佳",
            r"顶级",
            r"极品",
            r"独一无二",
            r"绝无仅有",
            r"史无前例",
            r"绝对(?:安全|防水|无害|可靠|正宗|有效)",
            r"永不(?:磨损|褪色|变形|损坏|过时)",
            r"永久(?:有效|免费|使用|不坏)",
            r"百分之?百(?:安全|有效|纯天然|防水|满意)",
            r"100 ?[%％](?:安全|有效|纯天然|防水|满意)",
            r"无与伦比",
            r"万无一失",
        ),
    ),
    "guarantee": (
        GUARANTEE,
        (
            r"零风险",
            r"无风险",
            r"毫无风险",
            r"没有(?:任何)?风险",
            r"稳赚不赔",
            r"包(?:成功|发货|退|过)",
            r"保证(?:成功|发货|到货|按时|有效)",
            r"必(?:定|然)成功",
            r"绝不(?:延期|失败|跳票)",
        ),
    ),
    "returns": (
        RETURNS,
        (
            r"保本",
            r"稳赚",
            r"高(?:收益|回报率|额回报)",
            r"年化",
            r"(?:固定|每月|每年)(?:收益|分红|利息|返利)",
            r"分红",
            r"躺赚",
            r"被动收入",
            r"翻倍(?:收益|回报|赚)",
            r"原始股",
            r"返利",
        ),
    ),
    "medical": (
        MEDICAL,
        (
            r"根治",
            r"包治",
            r"治愈(?:率|癌症?|失眠|糖尿病|疾病|各种|所有)",
            r"疗效",
            r"药到病除",
            r"无(?:任何)?副作用",
            r"防癌",
            r"抗癌",
            r"降(?:血压|血糖|血脂)",
            r"增强免疫力",
            r"提高免疫力",
            r"排毒",
            r"临床(?:证实|验证)",
            r"祖传秘方",
        ),
    ),
    "forbidden": (
        FORBIDDEN,
        (
            r"枪支",
            r"弹药",
            r"电子烟",
            r"烟油",
            r"赌(?:博|场|球)",
            r"彩票",
            r"大麻",
            r"象牙",
            r"虎骨",
            r"色情",
            r"管制刀具",
        ),
    ),
    "pressure": (
        PRESSURE,
        (
            r"最后一次机会",
            r"错过(?:再等|后悔|就没)[^。，,]{0,6}",
            r"(?:马上|立即|赶紧|赶快)(?:抢|下单|支持)",
            r"手慢无",
            r"千载难逢",
        ),
    ),
}
_LANGUAGES = {"en": ENGLISH, "zh-hans": CHINESE}
# Said in order to deny it: "we can't say it is risk-free", "不是零风险".
_DENIED = {
    "en": re.compile(
        r"\b(?:not|no|never|nothing|isn['’]t|aren['’]t|neither|nor|nobody|don['’]t|doesn['’]t|can['’]t|cannot)\b"
        r"[^.!?;\n]{0,24}$",
        re.IGNORECASE,
    ),
    "zh-hans": re.compile(r"(?:不|并非|没有|无法|从不|绝非|未必|别|非)[^。！？；，,\n]{0,6}$"),
}
_AROUND = 24


def claims(text: str, locale: str) -> Iterator[Claim]:
    """Every claim of a text in its language, in the order of reading; what is said in order to be denied is none."""
    denied = _DENIED.get(locale)
    for kind, pattern in _patterns(locale):
        for match in pattern.finditer(text):
            before = text[max(0, match.start() - 40) : match.start()]
            if denied is None or not denied.search(before):
                yield Claim(kind, match[0], match.start(), match.end(), _around(text, match))


def kinds() -> tuple[Kind, ...]:
    """All families, the gravest first."""
    return (FORBIDDEN, MEDICAL, RETURNS, GUARANTEE, ABSOLUTE, PRESSURE)


@cache
def _patterns(locale: str) -> tuple[tuple[Kind, re.Pattern[str]], ...]:
    # Not `\b`: `#1` and `100%` begin or end with signs. Chinese has no borders between words.
    start, end = (r"(?<!\w)", r"(?!\w)") if locale == "en" else ("", "")
    return tuple(
        (kind, re.compile(f"{start}(?:{'|'.join(patterns)}){end}", re.IGNORECASE))
        for kind, patterns in _LANGUAGES.get(locale, {}).values()
    )


def _around(text: str, match: re.Match[str]) -> str:
    start, end = max(0, match.start() - _AROUND), min(len(text), match.end() + _AROUND)
    cut = text[start:end].replace("\n", " ").strip()
    return f"{'… ' if start else ''}{cut}{' …' if end < len(text) else ''}"
