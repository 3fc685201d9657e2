"""Decision: who gets how much, by whose decision, and what became of the contract?"""
