"""The digests: what the team reads each morning and each Monday, in Slack and as a file that prints.

    edition (which, and when it is due) → gathering (what was) → morning | week (what it says) → blocks | page

`desk` goes down that line for the daemon, `watcher digest` and the demo.
"""
