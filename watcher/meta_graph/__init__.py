"""Meta's Graph API as the collectors of its platforms speak it, and nothing of any one platform.

    graph (asks, turns pages; refusals, values) → account (lists, posts) → followed (whose comments are due) → answers

`past` goes back in time, `gone` finds what is there no more. Collectors do not know each other: what they share of a
language lives here, below them.
"""
