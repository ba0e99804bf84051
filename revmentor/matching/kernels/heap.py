"""Which of the waiting nodes is nearest? A binary heap in arrays whose keys can be lowered."""

from __future__ import annotations

from revmentor.matching.arrays import IntArray
from revmentor.matching.kernels.compiled import compiled

# Where a node stands in the heap, if not at a place.
OUTSIDE = -1


@compiled
def push(keys: IntArray, nodes: IntArray, place: IntArray, size: int, key: int, node: int) -> int:
    """Let a node wait with this key, or lower the key with which it waits.

    Parameters
    ----------
    keys, nodes : array of int
        The heap: its first `size` entries, the smallest key first.
    place : array of int
        Where each node stands in the heap; `OUTSIDE` if it does not.

    Returns
    -------
    int
        The new size.
    """
    at = place[node]
    if at < 0:
        at = size
        size += 1
    while at > 0:
        above = (at - 1) >> 1
        if keys[above] <= key:
            break
        keys[at] = keys[above]
        nodes[at] = nodes[above]
        place[nodes[at]] = at
        at = above
    keys[at] = key
    nodes[at] = node
    place[node] = at
    return size


@compiled
def pop(keys: IntArray, nodes: IntArray, place: IntArray, size: int) -> int:
    """Take the node with the smallest key off the heap (it stood first). Returns the new size."""
    place[nodes[0]] = OUTSIDE
    size -= 1
    if size == 0:
        return 0
    key, node = keys[size], nodes[size]
    at = 0
    below = 1
    while below < size:
        if below + 1 < size and keys[below + 1] < keys[below]:
            below += 1
        if keys[below] >= key:
            break
        keys[at] = keys[below]
        nodes[at] = nodes[below]
        place[nodes[at]] = at
        at = below
        below = 2 * at + 1
    keys[at] = key
    nodes[at] = node
    place[node] = at
    return size
