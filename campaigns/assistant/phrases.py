"""The words between the facts, by language. They claim nothing and name no number. Data alone."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Phrases:
    """One language."""

    space: str
    stop: str
    titled: str
    headings: dict[str, str]
    questions: dict[str, str]
    goal: str
    all_or_nothing: str
    keep_it_all: str
    reward: str
    reward_month: str
    opened: str
    call: str
    call_goal: str


PHRASES = {
    "en": Phrases(
        space=" ", stop=".", titled="{name}: {promise}",
        headings={
            "what": "What it is", "why": "Why we make it", "made": "How it is made", "team": "Who we are",
            "money": "What your money is for", "delivery": "When it arrives", "faq": "Questions you may have",
        },
        questions={
            "when": "When will it be delivered?", "where": "Where do you ship to?",
            "missed": "What happens if the goal is missed?", "who": "Who is behind this?",
            "wrong": "What could go wrong?", "ready": "What exists already?",
        },
        goal="Our goal is {goal}.",
        all_or_nothing="If the goal is missed, every backer gets everything back.",
        keep_it_all="What comes in is used for the promise, whether or not the goal is reached.",
        reward="{title}, for {price}.", reward_month="Delivered in {month}.",
        opened="{name} is on Kindling.", call="Have a look, and tell somebody who would like it.",
        call_goal="We are raising {goal}.",
    ),
    "zh-hans": Phrases(
        space="", stop="。", titled="{name}：{promise}",
        headings={
            "what": "这是什么", "why": "为什么要做", "made": "怎样做成", "team": "我们是谁",
            "money": "资金用在哪里", "delivery": "什么时候收到", "faq": "您可能想问",
        },
        questions={
            "when": "什么时候发货？", "where": "可以寄到哪里？", "missed": "如果没有达到目标金额怎么办？",
            "who": "谁在做这个项目？", "wrong": "可能会出什么问题？", "ready": "现在已经做到哪一步？",
        },
        goal="目标金额为 {goal}。",
        all_or_nothing="如果没有达到目标金额，所有支持款将全额退回。",
        keep_it_all="无论是否达到目标金额，收到的款项都会用于兑现承诺。",
        reward="{title}，{price}。", reward_month="预计 {month}交付。",
        opened="{name}正在拾柴众筹。", call="欢迎来看看，也请转给会喜欢它的朋友。",
        call_goal="我们希望筹集 {goal}。",
    ),
}  # fmt: skip

# Where a post may go, and how long it may be there, in characters; the link comes on top.
NETWORKS = {
    "en": {"x": 250, "facebook": 500},
    "zh-hans": {"weibo": 130, "wechat": 300},
}
