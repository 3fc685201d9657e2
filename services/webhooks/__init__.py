"""How public events are pushed: signed webhooks, each receiver in its own order and at its own pace."""
