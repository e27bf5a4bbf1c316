"""From stored posts to trends: walked and folded tick by tick, joined into events, explained.

watch (walks what was stored) → spoken (what a post says) → ticks (the fold) → events → explain
"""
