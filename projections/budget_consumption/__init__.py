"""Where the money of a call is: available, reserved, committed, ordered, payable, paid, recovered."""
