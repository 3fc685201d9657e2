"""Who has the ball: for each case and each call, what must happen next, by whom, since when, until when."""
