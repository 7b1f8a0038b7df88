"""Training: its batches, its resumption, what it writes."""

from __future__ import annotations

import csv
import json
import shutil
from dataclasses import fields, replace
from pathlib import Path

import numpy as np
import pytest
import safetensors.torch
import torch
from PIL import Image

from shared import paths
from shared.contracts.card import load_card
from shared.inference.model import Model
from training import soften, train
from training.data import datasets
from training.data.batches import Batches, held_out_drive, read_sets
from training.data.transforms import Augmentation
from training.learning import networks
from training.learning.depthwise import DepthwiseConv2d
from training.learning.options import Options, differences, parsed, parser
from training.learning.run import OtherOptionsError, Run
from training.learning.schedule import cooling, parameter_groups, schedule


def run(data, out, *further, steps=6, model="enet") -> Run:
    command = ["--model", model, "--data", str(data), "--steps", str(steps), "--batch", "2", "--crop", "32", "48"]
    command += further
    options = parsed(parser(), [*command, "--out", str(out), "--checkpoint-minutes", "0"])
    sets, repeats = read_sets(
        options.data, options.hold_out, options.soft, options.rendered, options.camvid_repeats, options.limit
    )
    batches = Batches(sets, repeats, Augmentation(crop=(32, 48), short_side=64), options.batch)
    return Run(options, batches)


def weights(state: Run) -> list[torch.Tensor]:
    return [*state.network.state_dict().values(), *state.ema.network.state_dict().values()]


def test_a_resumed_run_ends_where_an_unbroken_one_does(data, tmp_path):
    whole = run(data, tmp_path, steps=4)
    for _ in range(4):
        whole.advance()

    first = run(data, tmp_path, steps=4)
    for _ in range(2):
        first.advance()
    first.save(tmp_path / "checkpoint.pt")
    torch.manual_seed(999)
    second = run(data, tmp_path, steps=4)
    torch.randn(5)  # whatever happened in between
    second.resume(tmp_path / "checkpoint.pt")
    assert second.step == 2
    for _ in range(2):
        second.advance()
    for ours, theirs in zip(weights(whole), weights(second), strict=True):
        assert torch.equal(ours, theirs)


@pytest.mark.parametrize("able", [False, True])
def test_a_network_is_trained_in_bfloat16_only_where_the_cpu_has_it(able, data, tmp_path, monkeypatch):
    monkeypatch.setattr("training.learning.run.has_bfloat16", lambda device: able)
    trained, kinds = run(data, tmp_path), set()
    convolution = next(module for module in trained.network.modules() if isinstance(module, torch.nn.Conv2d))
    convolution.register_forward_hook(lambda *call: kinds.add(call[-1].dtype))
    trained.advance()
    assert kinds == {torch.bfloat16 if able else torch.float32}


def test_a_checkpoint_is_resumed_only_by_the_options_it_was_made_by(data, tmp_path):
    first = run(data, tmp_path, "--lovasz", "0.5")
    first.advance()
    first.save(tmp_path / "checkpoint.pt")
    other = run(data, tmp_path, "--lovasz", "1", "--seed", "3", "--auxiliary", "stage3")
    before = [tensor.clone() for tensor in weights(other)]
    with pytest.raises(OtherOptionsError) as refused:
        other.resume(tmp_path / "checkpoint.pt")
    assert "--lovasz was 0.5, is 1.0" in str(refused.value)
    assert "--seed was 0, is 3" in str(refused.value)
    assert "--auxiliary was not given, is stage3" in str(refused.value)
    assert "--model" not in str(refused.value)
    assert other.step == 0
    assert all(torch.equal(ours, now) for ours, now in zip(before, weights(other), strict=True))


def test_how_long_and_how_fast_a_run_goes_may_change(data, tmp_path, capsys):
    first = run(data, tmp_path)
    first.advance()
    first.save(tmp_path / "checkpoint.pt")
    command = ("--cycles", "2", "--workers", "1", "--score-every", "7")
    second = run(data, tmp_path / "elsewhere", *command, steps=12)
    second.resume(tmp_path / "checkpoint.pt")
    assert second.step == 1
    assert not capsys.readouterr().err


def test_a_checkpoint_that_keeps_no_options_is_resumed_with_a_warning(data, tmp_path, capsys):
    first = run(data, tmp_path)
    first.advance()
    first.save(tmp_path / "checkpoint.pt")
    state = torch.load(tmp_path / "checkpoint.pt", weights_only=True)
    assert state.pop("options")["crop"] == (32, 48)
    torch.save(state, tmp_path / "checkpoint.pt")
    second = run(data, tmp_path, "--seed", "3")
    second.resume(tmp_path / "checkpoint.pt")
    assert second.step == 1
    assert "warning" in capsys.readouterr().err


def test_an_option_that_a_checkpoint_does_not_know_was_the_default():
    kept = Options("enet").plain()
    del kept["mix"]
    assert differences(kept, Options("enet")) == []
    assert differences(kept, Options("enet", mix=0.5)) == ["--mix was 0.0, is 0.5"]


def test_what_a_command_leaves_out_is_as_the_options_have_it():
    assert parsed(parser(), ["--model", "enet"]) == Options("enet")
    assert {one.name for one in fields(Options)} == {a.dest for a in parser()._actions if a.dest != "help"}


def test_workers_make_the_batches_that_the_run_itself_would_make(data, tmp_path):
    def losses(workers: str) -> list[float]:
        state = run(data, tmp_path, "--mix", "0.5", "--workers", workers)
        return [state.advance() for _ in range(4)]

    assert losses("0") == losses("2")


def test_photos_are_normalised_by_the_models_card(data, tmp_path):
    state = run(data, tmp_path)
    pixels = state.batches(0)[0].float()
    policy = load_card(paths.MODELS_DIR / "enet").input
    assert state.policy == policy
    torch.testing.assert_close(state._next_batch()[0], (pixels - policy.mean) / policy.std)
    state.prefetched, state.policy = None, replace(policy, mean=0.0, std=1.0)
    torch.testing.assert_close(state._next_batch()[0], pixels)


def test_training_lowers_the_loss(data, tmp_path):
    state = run(data, tmp_path, steps=200)
    state.batches.sets, state.batches.index = state.batches.sets[:1], [(0, 0), (0, 0)]
    losses = [state.advance() for _ in range(15)]
    assert min(losses[-5:]) < losses[0]


def test_a_run_leaves_a_checkpoint_a_log_and_a_plot(data, tmp_path, capsys):
    out = tmp_path / "run"
    out.mkdir()
    train.train(run(data, out, steps=3), out, minutes_between=60, score=lambda run: 0.25, score_every=2)
    assert {path.name for path in out.iterdir()} == {"checkpoint.pt", "log.csv", "curves.png"}
    with (out / "log.csv").open(newline="") as file:
        rows = list(csv.DictReader(file))
    assert [(row["step"], row["miou"]) for row in rows] == [("2", "0.2500"), ("3", "0.2500")]


def test_a_held_out_drive_is_not_trained_on(data, tmp_path):
    camvid = read_sets(data, hold_out="0001TP")[0][0]
    assert [example.name for example in camvid.examples] == ["0006R0_1", "0016E5_1"]
    assert not [example for example in camvid.examples if example.name.startswith("0001TP")]


def test_the_held_out_drive_is_what_a_run_is_scored_on(data, tmp_path):
    drive = held_out_drive(data / "camvid", "0001TP")
    assert [example.name for example in drive.examples] == ["0001TP_1", "0001TP_2"]
    card = load_card(paths.MODELS_DIR / "enet")
    state = run(data, tmp_path)
    before = [tensor.clone() for tensor in weights(state)]
    assert 0 <= train.validate(state, card, drive) < 0.5, "an untrained network on noise"
    assert all(torch.equal(ours, now) for ours, now in zip(before, weights(state), strict=True))


def command(monkeypatch, *words: object) -> str | int | None:
    """Run the command; returns what it exits with."""
    monkeypatch.setattr("sys.argv", ["train", *map(str, words)])
    with pytest.raises(SystemExit) as stop:
        train.main()
    return stop.value.code


def test_a_drive_that_there_is_not_is_refused_by_name(data, monkeypatch):
    with pytest.raises(FileNotFoundError, match="moon"):
        held_out_drive(data / "camvid", "moon")
    assert "moon" in command(monkeypatch, "--model", "enet", "--data", data, "--hold-out", "moon")


def test_scenes_that_are_not_rendered_yet_are_asked_for(data, tmp_path, monkeypatch):
    with pytest.raises(FileNotFoundError, match="make scenes"):
        read_sets(data, rendered=tmp_path / "none")
    said = command(monkeypatch, "--model", "enet", "--data", data, "--rendered", tmp_path / "none")
    assert "make scenes" in said


def test_data_that_are_not_there_are_asked_for_where_they_are_looked_for(tmp_path, monkeypatch):
    monkeypatch.setenv("TRIPANE_DATA", str(tmp_path / "nowhere"))
    said = command(monkeypatch, "--model", "enet", "--out", tmp_path / "out")
    assert str(tmp_path / "nowhere" / "camvid") in said
    assert "`make data`" in said
    assert not (tmp_path / "out").exists()


def test_nothing_trains_on_a_test_split(data):
    description = data / "camvid" / "dataset.json"
    description.write_text(json.dumps(json.loads(description.read_text()) | {"splits": {"test": ["0001TP_2"]}}))
    assert [example.name for example in read_sets(data)[0][0].examples] == ["0001TP_1", "0006R0_1", "0016E5_1"]
    assert [example.name for example in held_out_drive(data / "camvid", "0001TP").examples] == ["0001TP_1"]


def test_every_photo_is_seen_once_an_epoch(data, tmp_path, monkeypatch):
    state = run(data, tmp_path)
    seen = []

    def see(example, tables):
        seen.append((example.name, int(tables[0, 1])))
        return torch.zeros(3, 8, 8), torch.ones(2, 8, 8, dtype=torch.int16), torch.empty(0)

    monkeypatch.setattr(state.batches, "augmentation", see)
    for step in range(len(state.batches.index) // 2):
        state.batches(step)
    counts = {key: seen.count(key) for key in set(seen)}
    assert set(counts.values()) == {1, 2}, "a CamVid photo twice, any other once"


def test_a_mixed_batch_holds_pixels_of_two_photos(data, tmp_path):
    state = run(data, tmp_path)
    whole, _, _ = state.batches(0)
    mixed, targets, _ = state.batches(0, mix=1.0)
    pasted = (mixed != whole).any(1)
    assert pasted.any()
    assert torch.equal(mixed[0, :, pasted[0]], whole[1, :, pasted[0]])
    assert targets.shape == (2, 2, 32, 48)


def test_photos_are_mixed_until_the_cooldown(data, tmp_path, monkeypatch):
    state = run(data, tmp_path, "--mix", "0.5", steps=5)
    asked, batch = [], state.batches(0)
    monkeypatch.setattr(Batches, "__call__", lambda self, step, mix: asked.append((step, mix)) or batch)
    for _ in range(5):
        state.advance()
    assert asked == [(0, 0.5), (1, 0.5), (2, 0.5), (3, 0.0), (4, 0.0)]


def test_a_compiled_network_is_what_a_run_advances(data, tmp_path, monkeypatch):
    calls = []

    def compiled(function):
        return lambda images: calls.append(function) or function(images)

    monkeypatch.setattr(torch, "compile", compiled)
    run(data, tmp_path).advance()
    assert not calls
    state = run(data, tmp_path, "--compile")
    state.advance()
    assert calls == [state.network.coarse]


def test_a_run_on_a_processor_goes_back_through_depthwise_layers_in_float32(data, tmp_path):
    state = run(data, tmp_path, model="fast_scnn")
    assert any(isinstance(layer, DepthwiseConv2d) for layer in state.network.modules())
    assert not any(isinstance(layer, DepthwiseConv2d) for layer in state.ema.network.modules()), "it never goes back"
    state.advance()


def test_mixing_photos_and_hearing_a_teacher_exclude_each_other(monkeypatch, capsys):
    monkeypatch.setattr("sys.argv", ["train", "--model", "enet", "--mix", "0.5", "--soft", "runs/soft"])
    with pytest.raises(SystemExit):
        train.main()
    assert "--mix or --soft" in capsys.readouterr().err


@pytest.mark.skipif(torch.cuda.is_available(), reason="there is a GPU")
def test_a_gpu_that_is_not_there_is_said_to_be_missing(monkeypatch, capsys):
    monkeypatch.setattr("sys.argv", ["train", "--model", "enet", "--device", "cuda"])
    with pytest.raises(SystemExit):
        train.main()
    assert "sees no GPU" in capsys.readouterr().err


def test_the_learning_rate_warms_up_and_falls_to_nothing():
    factors = [schedule(step, 1000) for step in range(1000)]
    assert factors[0] == pytest.approx(0.01)
    assert factors[100:600] == [1.0] * 500
    assert sorted(factors[600:], reverse=True) == factors[600:]
    assert factors[-1] < 2e-3
    assert schedule(1000, 1000) == 0


def test_a_run_may_be_given_another_end_while_its_rate_is_constant():
    assert [schedule(step, 1000) for step in range(600)] == [schedule(step, 2000) for step in range(600)]


def test_in_another_cycle_the_learning_rate_takes_the_same_way_again(data, tmp_path):
    def rates(state: Run) -> list[tuple[float, bool]]:
        found = []
        for _ in range(state.steps):
            before = cooling(state.step, state.cycle)
            state.advance()
            found.append((state.optimizer.param_groups[0]["lr"], before))
        return found

    once = rates(run(data, tmp_path, steps=3))
    assert [falls for _, falls in once] == [False, False, True]
    assert rates(run(data, tmp_path, "--cycles", "2", steps=6)) == once + once


def test_a_student_reads_what_its_teacher_wrote_of_every_photo(data, tmp_path, monkeypatch):
    monkeypatch.setattr(soften, "served", lambda name, **_: Model(load_card(paths.MODELS_DIR / "enet"), Sure()))
    (data / "unlabelled" / "images").mkdir(parents=True)
    (data / "unlabelled" / "dataset.json").write_text("{}")
    Image.new("RGB", (96, 72)).save(data / "unlabelled" / "images" / "any.jpg")
    monkeypatch.setattr("sys.argv", ["soften", "--data", str(data), "--out", str(tmp_path / "soft")])
    soften.main()
    assert sorted(path.name for path in (tmp_path / "soft").iterdir()) == ["camvid", "labelmefacade", "unlabelled"]

    student = run(data, tmp_path, "--soft", str(tmp_path / "soft"))
    assert len(student.batches.sets) == 3
    _, _, soft = student.batches(0)
    assert soft.shape == (2, 11, 16, 24)
    assert (soft[:, 4] > 0.99).all()
    with_teacher, without = student.advance(), run(data, tmp_path).advance()
    assert with_teacher > without


def test_photos_without_labels_are_learnt_from_only_if_there_are_any(data, tmp_path, monkeypatch):
    monkeypatch.setattr(soften, "served", lambda name, **_: Model(load_card(paths.MODELS_DIR / "enet"), Sure()))
    monkeypatch.setattr("sys.argv", ["soften", "--data", str(data), "--out", str(tmp_path / "soft")])
    soften.main()
    student = run(data, tmp_path, "--soft", str(tmp_path / "soft"))
    assert [s.name for s in student.batches.sets] == ["camvid", "labelmefacade"]
    assert student.advance() > 0


def test_a_soft_label_that_is_cut_short_is_written_anew(data, tmp_path, monkeypatch):
    def cut_short(file, label):
        whole(file, label[:1])
        raise OSError("No space left on device")

    whole, teacher = np.save, Model(load_card(paths.MODELS_DIR / "enet"), Sure())
    camvid = datasets.load(data / "camvid")
    monkeypatch.setattr(np, "save", cut_short)
    with pytest.raises(OSError, match="No space"):
        soften.write(teacher, camvid, tmp_path / "soft")
    monkeypatch.undo()
    soften.write(teacher, camvid, tmp_path / "soft")
    files = sorted((tmp_path / "soft").iterdir())
    assert [file.name for file in files] == sorted(f"{example.name}.npy" for example in camvid.examples)
    assert {len(np.load(file)) for file in files} == {11}


class Sure:
    """A teacher that takes everything for pavement."""

    def run(self, pixels: np.ndarray) -> np.ndarray:
        logits = np.zeros((1, 11, pixels.shape[2] // 8, pixels.shape[3] // 8), np.float32)
        logits[:, 4] = 20
        return logits


def test_norms_and_biases_do_not_decay_and_an_encoder_learns_slower(data, tmp_path):
    network = run(data, tmp_path).network
    network.encoder = torch.nn.Conv2d(3, 3, 1)
    groups = parameter_groups(network, 1e-3, 0.25, 0.02)
    assert {(group["lr"], group["weight_decay"]) for group in groups} == {
        (rate, decay) for rate in (1e-3, 2.5e-4) for decay in (0.0, 0.02)
    }


def test_a_step_whose_gradient_is_not_finite_changes_no_weight(data, tmp_path):
    state = run(data, tmp_path)
    parameter = next(state.network.parameters())
    before = [p.clone() for p in state.network.parameters()]
    hook = parameter.register_hook(lambda gradient: gradient * float("inf"))
    state.advance()
    assert all(torch.equal(ours, p) for ours, p in zip(before, state.network.parameters(), strict=True))
    hook.remove()
    state.advance()
    assert not torch.equal(before[0], parameter)


def test_a_loss_that_is_not_finite_ends_the_run(data, tmp_path):
    state = run(data, tmp_path)
    with torch.no_grad():
        next(state.network.parameters()).fill_(float("nan"))
    with pytest.raises(FloatingPointError, match="step 0"):
        state.advance()


@pytest.mark.parametrize("model", networks.names())
@pytest.mark.parametrize("recipe", ["{}", "{}-stress"])
def test_every_model_has_the_recipes_it_is_trained_by(model, recipe):
    name = recipe.format(model)
    options = parsed(parser(), [f"@{paths.ROOT}/training/recipes/{name}.args", "--seed", "7"])
    assert options.model == model
    assert options.seed == 7


@pytest.mark.parametrize(
    ("model", "recipe"), [("enet", "enet-again"), ("fast_scnn", "fast_scnn-again"), ("fast_scnn", "fast_scnn-ground")]
)
def test_a_later_run_goes_on_from_the_weights_that_are_served(model, recipe):
    options = parsed(parser(), [f"@{paths.ROOT}/training/recipes/{recipe}.args"])
    assert (options.model, options.start) == (model, Path("assets/weights") / f"{model}.safetensors")
    assert options.out == Path("runs") / recipe


@pytest.mark.parametrize("model", networks.names())
def test_a_second_run_goes_on_where_the_first_one_leaves_its_weights(model):
    first = parsed(parser(), [f"@{paths.ROOT}/training/recipes/{model}.args"])
    second = parsed(parser(), [f"@{paths.ROOT}/training/recipes/{model}-stress.args"])
    assert first.out is None  # so in runs/MODEL
    assert second.start == Path("runs") / model / "checkpoint.pt"
    assert second.out == Path("runs") / f"{model}-stress"
    assert second.stress > 0


def test_a_second_classifier_learns_too_and_is_resumed(data, tmp_path):
    command = ("--auxiliary", "stage3", "--lovasz", "1", "--hardest", "0.5")
    alone = run(data, tmp_path, *command[2:]).advance()
    state = run(data, tmp_path, *command)
    before = state.auxiliary.classifier.weight.clone()
    assert state.advance() > alone
    assert not torch.equal(before, state.auxiliary.classifier.weight)
    state.save(tmp_path / "checkpoint.pt")
    again = run(data, tmp_path, *command)
    again.resume(tmp_path / "checkpoint.pt")
    assert torch.equal(again.auxiliary.classifier.weight, state.auxiliary.classifier.weight)
    assert not [name for name in again.ema.network.state_dict() if "auxiliary" in name]


def test_the_lovasz_loss_waits_for_the_cooldown(data, tmp_path):
    def loss(step, *further):
        state = run(data, tmp_path, *further)
        state.step = step
        return state.advance()

    assert loss(0, "--lovasz", "1") == loss(0)
    assert loss(5, "--lovasz", "1") > loss(5)


def test_rendered_scenes_are_learnt_from_beside_photos(data, tmp_path):
    student = run(data, tmp_path, "--rendered", str(data / "camvid"))
    assert [s.name for s in student.batches.sets] == ["camvid", "labelmefacade", "camvid"]


@pytest.mark.parametrize("model", networks.names())
def test_a_run_may_start_from_the_weights_that_are_served(data, tmp_path, model):
    weights = paths.ASSETS_DIR / "weights" / f"{model}.safetensors"
    served = safetensors.torch.load_file(weights)
    started = run(data, tmp_path, "--start", str(weights), model=model).network.state_dict()
    assert all(torch.equal(started[key].half(), tensor.half()) for key, tensor in served.items())


@pytest.mark.parametrize("file", ["swiftnet.safetensors", "lacking.safetensors", "checkpoint.pt"])
def test_weights_that_do_not_fit_are_a_sentence_and_nothing_trains(data, tmp_path, monkeypatch, file):
    shutil.copy(paths.ASSETS_DIR / "weights" / "swiftnet.safetensors", tmp_path)
    lacking = safetensors.torch.load_file(paths.ASSETS_DIR / "weights" / "enet.safetensors")
    del lacking[next(iter(lacking))]
    safetensors.torch.save_file(lacking, tmp_path / "lacking.safetensors")
    torch.save({"ema": networks.build("swiftnet").state_dict()}, tmp_path / "checkpoint.pt")
    out, words = tmp_path / "out", ("--model", "enet", "--data", data, "--steps", 1, "--batch", 1)
    said = command(monkeypatch, *words, "--start", tmp_path / file, "--out", out)
    assert f"{tmp_path / file} does not fit the network of enet" in said
    assert not out.exists()


def test_pretraining_can_be_left_out(data, tmp_path):
    key = "encoder.stem.0.weight"
    with_it, without = (run(data, tmp_path, *more, model="swiftnet") for more in ((), ("--no-pretraining",)))
    assert not torch.equal(with_it.network.state_dict()[key], without.network.state_dict()[key])


def test_without_dropout_a_network_in_training_answers_the_same_twice(data, tmp_path):
    image = torch.rand(1, 3, 32, 48)
    usual, without = run(data, tmp_path).network, run(data, tmp_path, "--dropout", "0").network
    assert not torch.equal(usual.coarse(image), usual.coarse(image))
    assert torch.equal(without.coarse(image), without.coarse(image))
