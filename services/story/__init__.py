"""The call of 2021 as a play: real facts where the sources have them, invented ones marked synthetic."""
