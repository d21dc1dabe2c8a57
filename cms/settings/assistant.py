"""The copy assistant: rules alone, unless the address of an OpenAI-compatible service is set."""

import os

# Up to and without `/chat/completions`, for example https://llm.example.com/v1
ASSISTANT_URL = os.environ.get("ASSISTANT_URL", "")
ASSISTANT_KEY = os.environ.get("ASSISTANT_KEY", "")
ASSISTANT_MODEL = os.environ.get("ASSISTANT_MODEL", "gpt-4o-mini")
