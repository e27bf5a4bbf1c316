"""What keeps what is stored right: it is forgotten in time, erased on demand, read again, swept, counted and checked.

Each is a job of the daemon or a command, and none knows another but by what it is built on.
"""
