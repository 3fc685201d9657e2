"""Public events: translation, frame, schemas and the gate."""
