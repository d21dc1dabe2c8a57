"""What the journeys' creators write and offer."""

from dataclasses import dataclass, field


@dataclass(frozen=True)
class Story:
    """A campaign's page in one language."""

    title: str
    summary: str
    hero_alt: str
    risks: str
    heading: str
    text: str
    quote: str
    question: str
    answer: str


@dataclass(frozen=True)
class Tier:
    """A reward as it is typed into the form; amounts in major units."""

    title_en: str
    title_zh: str
    price: str
    kind: str = "physical"
    quantity: str = ""
    per_person_limit: str = ""
    is_addon: bool = False
    delivery_month: str = ""
    shipping: dict[str, str] = field(default_factory=dict)
    variants: tuple[tuple[str, str], ...] = ()


LAMP_EN = Story(
    title="The quiet lamp", summary="A lamp that runs on salt water.", hero_alt="A lamp at dusk, half lit.",
    risks="The glass may break on its way; we keep spares for one in ten.", heading="Why a lamp",
    text="It was running for three winters on salt water and on patience. " * 8, quote="It outlived the storm.",
    question="Will it ship abroad?", answer="Yes, to every country.",
)  # fmt: skip
LAMP_ZH = Story(
    title="静灯", summary="一盏用盐水点亮的灯。", hero_alt="黄昏里的一盏灯，半明半暗。",
    risks="玻璃在路上可能会碎；我们每十盏备一盏。", heading="为什么做灯",
    text="它靠盐水和耐心亮了三个冬天，戴着手环的人夜里也看得见它。" * 6, quote="它熬过了那场风暴。",
    question="会寄到国外吗？", answer="会，寄往所有国家。",
)  # fmt: skip
LAMP = Tier(
    "One lamp", "一盏灯", "99.99", quantity="20", per_person_limit="3", delivery_month="2031-06",
    shipping={"CN": "10", "*": "50"}, variants=(("Brass", "黄铜"), ("Steel", "钢")),
)  # fmt: skip
BIG_LAMP = Tier(
    "A big lamp", "一盏大灯", "250.01", quantity="5", delivery_month="2031-06", shipping={"CN": "10"},
)  # fmt: skip
CARD = Tier("A card", "一张卡片", "5", kind="digital", is_addon=True)

KITE_ZH = Story(
    title="会唱歌的风筝", summary="一只风越大唱得越响的风筝。", hero_alt="山坡上的一只风筝。",
    risks="竹子要晾够一个夏天；雨水多的话会晚一个月。", heading="风的声音",
    text="风筝背后绷着三根竹哨，风一来就响，隔着山谷也听得见。" * 6, quote="听见它，就知道起风了。",
    question="小孩能放吗？", answer="能，大人在旁边就行。",
)  # fmt: skip
KITE_EN = Story(
    title="The singing kite", summary="A kite that sings louder the harder it blows.", hero_alt="A kite on a slope.",
    risks="Bamboo has to dry for a summer; if it rains we are a month late.", heading="The sound of wind",
    text="Three bamboo whistles are strung behind the kite, and the wind plays them across the valley. " * 7,
    quote="When you hear it, the wind is up.", question="Can children fly it?", answer="Yes, with somebody near.",
)  # fmt: skip
KITE = Tier("One kite", "一只风筝", "80", delivery_month="2031-06", shipping={"*": "20"})
