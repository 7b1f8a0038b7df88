"""`python -m tripane` is `tripane`."""

from tripane.cli import main

if __name__ == "__main__":
    main()
