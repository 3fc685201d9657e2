"""What the applicant is told of the decision, and why: the letter and its statement of reasons, from facts alone."""
