"""Payment: what was committed, what may be paid, what is accounted for and what comes back."""
