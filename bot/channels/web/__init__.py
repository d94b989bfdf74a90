"""The website's chat: the API behind the widget, the widget's script, and the demo pages of development."""
