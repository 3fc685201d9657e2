"""What goes to the bank, and what comes back: payment files, status reports, notices of what was booked."""
