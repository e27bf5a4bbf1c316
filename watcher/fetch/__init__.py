"""The one way out of the house: every byte from the outside comes through here, bounded in time, size and place.

`http` makes the exchange, `stream` the one that lasts; `transport` guards where it goes, by the rules of `address`;
`body` bounds what comes, `headers` checks what leaves; `verdict` and `retry_after` say what an answer means; `robots`
asks the site first what it lets us read. Nothing else in the product imports an HTTP or WebSocket client.
"""

from watcher.fetch.http import HttpFetch
from watcher.fetch.robots import RobotsFetch

__all__ = ["HttpFetch", "RobotsFetch"]
