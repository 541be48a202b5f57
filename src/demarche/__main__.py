"""`python -m demarche` is the `demarche` command."""

from demarche.cli import main

main()
