"""The outbox's way out: e-mail, SMS, files, with retries."""
