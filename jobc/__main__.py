"""`python -m jobc`: the command line."""

import sys

from jobc.cli import main

if __name__ == "__main__":
    sys.exit(main())
