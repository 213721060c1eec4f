"""`python -m kefu`: the command line, also where the script is not on the path."""

from kefu.cli import main

if __name__ == "__main__":
    main()
