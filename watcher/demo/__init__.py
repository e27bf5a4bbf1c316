"""A written world of the region, so that anyone can see the whole line work without an account or a network."""
