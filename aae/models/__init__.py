"""Networks, priors and losses."""
