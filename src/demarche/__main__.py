"""`python -m demarche` is the `demarche` command."""

from demarche.cli import main

if __name__ == "__main__":
    main()
