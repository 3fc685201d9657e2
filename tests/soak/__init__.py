"""The cluster under load and faults for minutes, and a checker that says in figures what came of it (G1, G2, G12)."""
