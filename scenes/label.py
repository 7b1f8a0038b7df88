"""The classes that things in a scene are of, by name."""

from __future__ import annotations

from enum import IntEnum

from shared.contracts.labels import IGNORE


class Label(IntEnum):
    """The ids of `shared/contracts/labels.py`, and `VOID` for what is none of them.

    Where CamVid leaves room: trunks, hedges and grass are trees; garden walls, balconies and shop windows are building;
    lamps, bollards and the posts of signs and signals are poles; a car's windows are car; bins and cabinets are void.
    """

    SKY = 0
    BUILDING = 1
    POLE = 2
    ROAD = 3
    PAVEMENT = 4
    TREE = 5
    SIGN = 6
    FENCE = 7
    CAR = 8
    PEDESTRIAN = 9
    BICYCLIST = 10
    VOID = IGNORE
