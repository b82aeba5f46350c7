"""How the properties of the analysis are tried out."""

from hypothesis import HealthCheck, settings

# The same examples on every machine, however slow: a red build means a change in the code, never in the weather.
settings.register_profile(
    "steady", derandomize=True, deadline=None, suppress_health_check=[HealthCheck.too_slow]
)
settings.load_profile("steady")
