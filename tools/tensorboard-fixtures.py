"""Writes test/formats/fixtures/scalars.tfevents with TensorBoard's own protobuf classes and record writer (2.21).

    python tools/tensorboard-fixtures.py          writes the fixture
    python tools/tensorboard-fixtures.py FOLDER   lists the scalars of FOLDER's event files as TensorBoard reads them
"""

import pathlib
import sys

from tensorboard.backend.event_processing.event_file_loader import EventFileLoader
from tensorboard.compat.proto.event_pb2 import Event
from tensorboard.compat.proto.summary_pb2 import Summary
from tensorboard.summary.writer.record_writer import RecordWriter
from tensorboard.util import tensor_util

OUT = pathlib.Path(__file__).parent.parent / "test" / "formats" / "fixtures" / "scalars.tfevents"
START = 1700000000.25


def write():
    scalars = [{"epoch_loss": 2.5, "epoch_accuracy": 0.0}, {"epoch_loss": float("nan"), "epoch_准确率": 0.1}]
    scalars += [{"x" * 200: -1e-30}, {}]
    with open(OUT, "wb") as file:
        records = RecordWriter(file)
        records.write(Event(wall_time=START, file_version="brain.Event:2").SerializeToString())
        for step, values in zip([0, 1, 300, 2**40], scalars):
            summary = Summary(value=[Summary.Value(tag=tag, simple_value=value) for tag, value in values.items()])
            records.write(Event(wall_time=START + step, step=step, summary=summary).SerializeToString())
        records.flush()
    print(OUT.name, OUT.stat().st_size)


def show(folder):
    for path in sorted(pathlib.Path(folder).rglob("*tfevents*")):
        print(path.relative_to(folder))
        for event in EventFileLoader(str(path)).Load():
            for value in event.summary.value:
                print(f"  {event.wall_time} {event.step} {value.tag} {tensor_util.make_ndarray(value.tensor)}")


show(sys.argv[1]) if len(sys.argv) > 1 else write()
