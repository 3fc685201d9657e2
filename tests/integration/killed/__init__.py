"""The whole program as a process that dies at a step of its work, and what it leaves behind."""
