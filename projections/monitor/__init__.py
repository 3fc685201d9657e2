"""The live monitor: rates, delays, ageing, burn rate and alarms over the six log topics. Approximate by design."""
