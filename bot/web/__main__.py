"""Run the public web front: `python -m bot.web`."""

from bot.web.process import main

if __name__ == "__main__":
    main()
