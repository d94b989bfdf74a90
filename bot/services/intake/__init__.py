"""The request dialogue."""

from bot.services.intake.intake import Intake

__all__ = ["Intake"]
