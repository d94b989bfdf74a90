"""Customers under measurement: they behave as the widget and LINE do, and remember what became of each message."""
