"""Who issues receipts and credit notes: printed on each, frozen into it when it is issued."""

import os
from typing import Any

# `code` begins every number and names the series; `zone` decides which day, and so which year, a document is of.
DOCUMENT_ISSUER: dict[str, Any] = {
    "code": os.environ.get("DOCUMENT_ISSUER_CODE", "KD"),
    "names": {
        "en": os.environ.get("DOCUMENT_ISSUER_NAME_EN", "Kindling"),
        "zh-hans": os.environ.get("DOCUMENT_ISSUER_NAME_ZH", "拾柴"),
    },
    "address": os.environ.get("DOCUMENT_ISSUER_ADDRESS", ""),
    "registration": os.environ.get("DOCUMENT_ISSUER_REGISTRATION", ""),
    "zone": os.environ.get("DOCUMENT_ISSUER_ZONE", "Asia/Shanghai"),
}
