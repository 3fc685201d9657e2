"""The only code of this package that touches disk or wire; each adapter serves a port one floor up."""
