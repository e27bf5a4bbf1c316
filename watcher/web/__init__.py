"""The local page: what the team opens in the morning."""
