"""The pages people look at: read-only, server-rendered, Dutch and English, usable without JavaScript."""
