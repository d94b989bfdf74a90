"""`python -m bot.cli` is `madoguchi`, for who has no launcher on the path."""

from __future__ import annotations

import sys

from bot.cli import main

sys.exit(main())
