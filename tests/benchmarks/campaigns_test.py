"""The campaigns of benchmarks/, but for the times that they find: python3 campaigns_test.py CNNC PROGRAMS ROOT"""
import json
import math
import os
import pathlib
import random
import struct
import subprocess
import sys
import tempfile
import unittest

CNNC, PROGRAMS, ROOT = sys.argv.pop(1), sys.argv.pop(1), pathlib.Path(sys.argv.pop(1))
os.environ.update(CNNC=CNNC, CNNC_PROGRAMS=PROGRAMS, PYTHONDONTWRITEBYTECODE="1")
sys.path.insert(0, str(ROOT / "benchmarks"))
sys.dont_write_bytecode = True
from convs import Conv, convs_of, random_conv  # noqa: E402
from library import glue  # noqa: E402
import networks  # noqa: E402
from networks import difference, row  # noqa: E402
from quantised import input_shape, npy  # noqa: E402


def cnnc(*words):
    return subprocess.run([CNNC, *words], stdout=subprocess.PIPE, text=True, check=True).stdout


def random_convs(out, **environment):
    command = [ROOT / "benchmarks/random_convs", "--count", "3", "--rounds", "1", "--seconds", "0.01", "--out", out]
    return subprocess.run(command, capture_output=True, text=True, env={**os.environ, **environment})


class Convs(unittest.TestCase):
    def test_a_statement_leaves_out_what_is_usual(self):
        self.assertEqual(Conv(3, (8, 9), 4, (3, 3)).statement(), "conv 4 3x3")
        self.assertEqual(Conv(4, (8, 9), 4, (3, 5), (2, 1), (1, 2), (1, 2), (2, 2), 4).statement(),
                         "conv 4 3x5 stride 2x1 pad 1x2 dilation 2 groups 4")
        self.assertEqual(Conv(3, (8, 9), 4, (3, 3), before=(0, 1), behind=(1, 2)).statement(), "conv 4 3x3 pad 0 1 1 2")

    def test_a_listing_gives_all_convolutions_of_a_network(self):
        for name, dense in ("mobilenet/mobilenet_v2", 1280 * 1000), ("inception_v3/inception_v3", 2048 * 1000):
            text = str(ROOT / f"samples/{name}.dsl")
            found = sum(conv.mflop() * count for conv, count in convs_of(cnnc(text, "--emit", "passes")).items())
            line = next(line for line in cnnc("summary", text).splitlines() if line.startswith("MACs "))
            self.assertEqual(round(found * 1e6 / 2) + dense, int(line.split()[1].replace(",", "")))

    def test_a_text_has_the_convolution_that_it_was_made_of(self):
        source = random.Random(7)
        for _ in range(30):
            conv = random_conv(source)
            with tempfile.NamedTemporaryFile("w", suffix=".dsl") as file:
                file.write(conv.text())
                file.flush()
                self.assertIn(conv, convs_of(cnnc(file.name, "--emit", "passes")))

    def test_a_seed_gives_the_same_convolutions(self):
        convs = lambda: [random_conv(source) for source in [random.Random(3)] for _ in range(20)]
        self.assertEqual(convs(), convs())


class Results(unittest.TestCase):
    def test_a_difference_is_a_part_of_the_largest_element(self):
        self.assertEqual(difference([1, -4], [1.5, -5]), 0.2)
        self.assertEqual(difference([1, math.nan], [1, 2]), math.inf)
        self.assertEqual(difference([1], [1, 2]), math.inf)

    def test_a_wrong_network_gets_no_time(self):
        reading = {"median": 0.25, "best": 0.125, "peak": 1e11}
        result = {"campaign": "onnxruntime", "network": "net", "batch": 1, "threads": 1, "precision": "fp32", "mflop": 1000.0}
        wrong = {"onnxruntime": reading, "cnnc": reading, "difference": 2e-4}
        self.assertEqual(row({**result, "rounds": [{**wrong, "difference": 0}, wrong]}),
                         ["net", "1", "1", *["-"] * 9, "2e-04 WRONG"])
        twice = {**reading, "median": 0.5}
        self.assertEqual(row({**result, "rounds": [{"onnxruntime": twice, "cnnc": reading, "difference": 1e-6}]}),
                         ["net", "1", "1", "500.0", "125.0", "250.0", "125.0", "2.00", "2.00 to 2.00", "4.0", "4 %", "100",
                          "1e-06"])


class Quantised(unittest.TestCase):
    def test_an_array_is_a_file_of_numpy(self):
        data = npy([2, 1], [1, -2])
        self.assertEqual((data[:8], len(data) % 64), (b"\x93NUMPY\x01\x00", 8))
        self.assertIn(b"{'descr': '<f4', 'fortran_order': False, 'shape': (2, 1), }", data)
        self.assertEqual(data[-8:], struct.pack("<2f", 1, -2))

    def test_an_input_has_the_sizes_that_the_text_says(self):
        self.assertEqual(input_shape(ROOT / "samples/lenet5/lenet5.dsl"), [1, 28, 28])


class Mistakes(unittest.TestCase):
    def test_a_network_that_is_not_there(self):
        done = subprocess.run([ROOT / "benchmarks/run", "--nets", "lenet5", "lenet6"], capture_output=True, text=True)
        self.assertEqual((done.returncode, done.stderr), (1, "no network 'lenet6': it is the name of a sample, as resnet50, "
                                                             "or a path with a '/' in it\n"))

    def test_a_precision_that_an_engine_has_not(self):
        for words, said in ((["--precision", "bf16"], "--precision bf16 is OpenVINO's: write '--against openvino'"),
                            (["--precision", "int8", "--against", "onednn"],
                             "--against onednn is of convolutions in floats: leave out '--precision int8'")):
            done = subprocess.run([ROOT / "benchmarks/run", *words], capture_output=True, text=True)
            self.assertEqual((done.returncode, done.stderr.splitlines()[-1]), (2, f"run: error: {said}"))

    def test_onnxruntime_that_is_not_there(self):
        with self.assertRaises(SystemExit) as caught, tempfile.TemporaryDirectory() as folder:
            networks.WORK = pathlib.Path(folder)
            os.environ.pop("CNNC_ONNXRUNTIME", None)
            networks.onnxruntime_library()
        self.assertEqual(str(caught.exception), "ONNX Runtime is not there: benchmarks/setup installs it, or "
                                                "CNNC_ONNXRUNTIME is its library's path")


class RandomConvs(unittest.TestCase):
    def test_three_are_verified_and_timed(self):
        with tempfile.TemporaryDirectory() as folder:
            done = random_convs(f"{folder}/convs.jsonl")
            self.assertEqual((done.returncode, done.stderr), (0, ""))
            lines = [json.loads(line) for line in open(f"{folder}/convs.jsonl")]
        self.assertEqual(len(lines), 3)
        self.assertTrue(all(line["median"] >= line["best"] > 0 and line["share"] > 0 for line in lines))
        self.assertIn("3 convolutions, seed 1", done.stdout)

    def test_a_wrong_one_gets_no_time_and_fails(self):
        with tempfile.TemporaryDirectory() as folder:
            wrong = pathlib.Path(folder, "cnnc")
            wrong.write_text(f'#!/bin/sh\n"{CNNC}" "$@" || exit\ncase "$*" in "verify "*/1.dsl*) echo layer: wrong; exit 1; esac\n')
            wrong.chmod(0o755)
            done = random_convs(f"{folder}/convs.jsonl", CNNC=str(wrong))
            self.assertEqual(done.returncode, 1)
            self.assertIn("layer: wrong", done.stderr)
            self.assertEqual(len(open(f"{folder}/convs.jsonl").readlines()), 2)


class Glue(unittest.TestCase):
    def test_it_takes_inputs_and_outputs_in_the_order_of_the_header(self):
        header = ("#define TWO_B_ELEMENTS 4\n#define TWO_A_ELEMENTS 5\n#define TWO_OUTPUT_ELEMENTS 6\n"
                  "#define TWO_WORKSPACE_BYTES 64\nint two_run(const float b[TWO_STATIC TWO_B_ELEMENTS], "
                  "const float a[TWO_STATIC TWO_A_ELEMENTS], float output[TWO_STATIC TWO_OUTPUT_ELEMENTS], void* workspace) TWO_OF_HEADER(run);\n")
        code = glue(header)
        self.assertIn("inputs[] = {TWO_B_ELEMENTS, TWO_A_ELEMENTS}, outputs[] = {TWO_OUTPUT_ELEMENTS}", code)
        self.assertIn("two_run_with(in[0], in[1], out[0], workspace, &options)", code)


unittest.main()
