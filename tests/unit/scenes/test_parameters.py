"""What a scene is to be like follows from its seed."""

from __future__ import annotations

import json

import pytest

from scenes.dataset import FIRST_SEED, description
from scenes.kinds import KINDS
from scenes.label import Label
from scenes.parameters import MOODS, SEASONS, VIEWS, draw
from scenes.samples import RECIPES
from shared.contracts.labels import CLASS_NAMES, IGNORE


def test_a_seed_draws_the_same_scene_every_time():
    assert draw(7) == draw(7)
    assert draw(7) != draw(8)


def test_what_is_fixed_stays_and_the_rest_goes_with_it():
    parameters = draw(7, kind="suburb", mood="dusk", camera_height=1.5)
    assert (parameters.kind, parameters.mood, parameters.camera_height) == ("suburb", "dusk", 1.5)
    low, high = KINDS["suburb"].half
    assert low <= parameters.half <= high


def test_fixing_the_mood_leaves_the_street_as_it_was():
    sunny, rainy = draw(7, mood="sunny").document(), draw(7, mood="rain").document()
    assert {name for name in sunny if sunny[name] != rainy[name]} == {"mood"}


@pytest.mark.parametrize(
    ("fixed", "words"),
    [({"mood": "foggy"}, "sunny, overcast, rain, dusk"), ({"kind": "canal"}, "oldtown"), ({"moon": 1}, "moon")],
)
def test_a_parameter_that_there_is_not_is_refused_saying_what_there_is(fixed, words):
    with pytest.raises(ValueError, match=words):
        draw(7, **fixed)


def test_parameters_are_json():
    assert json.loads(json.dumps(draw(7).document()))["seed"] == 7


def test_seeds_draw_every_kind_mood_season_and_view():
    drawn = [draw(seed) for seed in range(200)]
    for name, values in {"kind": tuple(KINDS), "mood": MOODS, "season": SEASONS, "view": VIEWS}.items():
        assert {getattr(parameters, name) for parameters in drawn} == set(values)


def test_a_zebra_keeps_off_the_side_streets():
    for parameters in map(draw, range(200)):
        for where in parameters.zebra:
            assert all(abs(where - crossing) > width / 2 + 1.6 for crossing, width in parameters.crossings)


def test_no_scene_of_the_training_set_is_a_sample():
    assert len({recipe.seed for recipe in RECIPES.values()}) == len(RECIPES) == 10
    assert all(recipe.seed < FIRST_SEED for recipe in RECIPES.values())


def test_labels_are_the_classes_that_every_model_answers():
    assert [label.name.lower() for label in Label if label is not Label.VOID] == [
        name.removesuffix("_symbol") for name in CLASS_NAMES
    ]
    assert [int(label) for label in Label] == [*range(len(CLASS_NAMES)), IGNORE]


def test_the_training_set_says_of_each_label_that_it_is_that_class():
    classes = description(3)["classes"]
    assert [entry["may_be"] for entry in classes] == [[i] for i in range(len(CLASS_NAMES))] + [[]]
