"""A network's text to a shared library that time_cnnc loads, and the programs of the campaigns as functions."""
import json
import os
import pathlib
import re
import shlex
import subprocess

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parent
CNNC = os.environ.get("CNNC") or str(ROOT / "build/release/bin/cnnc")
PROGRAMS = pathlib.Path(os.environ.get("CNNC_PROGRAMS") or ROOT / "build/release/bin")  # time_cnnc and its like
WORK = ROOT / "build/benchmarks"

GLUE = """#include "{header}"
#include "network.h"
static const size_t inputs[] = {{{inputs}}}, outputs[] = {{{outputs}}};
static int run(const float* const* in, float* const* out, void* workspace, int threads, double* layer_seconds) {{
  {name}_options options = {{sizeof options}};
  options.threads = threads;
  options.layer_seconds = layer_seconds;
  return {name}_run_with({arguments}, workspace, &options);
}}
const benchmark_network network = {{run, {name}_start_threads, {name}_layer_name, {caps}_LAYERS,
  {input_count}, {output_count}, inputs, outputs, {caps}_WORKSPACE_BYTES, {caps}_WORKSPACE_ALIGNMENT}};
"""


def glue(header):
    """The C that makes a network of the header the `network` of network.h."""
    name, parameters = re.search(r"^int (\w+)_run\((.*), void\* workspace\)", header, re.M).groups()
    parameters = re.findall(r"(const )?float (\w+)\[", parameters)
    inputs = [name for const, name in parameters if const]
    outputs = [name for const, name in parameters if not const]
    elements = re.findall(r"^#define (\w+_ELEMENTS) ", header, re.M)
    caps = re.search(r"^#define (\w+)_WORKSPACE_BYTES", header, re.M)[1]
    arguments = [f"in[{i}]" for i in range(len(inputs))] + [f"out[{i}]" for i in range(len(outputs))]
    return GLUE.format(header="{header}", name=name, caps=caps, arguments=", ".join(arguments), input_count=len(inputs),
                       output_count=len(outputs), inputs=", ".join(elements[:len(inputs)]),
                       outputs=", ".join(elements[len(inputs):]))


def compile_network(text, stem, *options):
    """STEM.so of a text's or a model's file; returns its path."""
    stem = pathlib.Path(stem).resolve()
    subprocess.run([CNNC, text, "-o", f"{stem}.a", *options], check=True)
    code = glue(pathlib.Path(f"{stem}.h").read_text()).replace("{header}", f"{stem}.h")
    subprocess.run(["cc", "-O2", "-shared", "-fPIC", f"-I{HERE}", "-xc", "-", "-xnone", f"{stem}.a", "-pthread", "-o",
                    f"{stem}.so"], input=code, text=True, check=True)
    os.remove(f"{stem}.a")
    return f"{stem}.so"


def launcher(threads):
    """What stands before each program that is timed: MEASURE, or the last processors, which have the least to do."""
    if "MEASURE" in os.environ:
        return shlex.split(os.environ["MEASURE"])
    cpus = sorted(os.sched_getaffinity(0))[-threads:]
    return ["taskset", "-c", ",".join(map(str, cpus))]


def timed(program, *arguments, threads):
    """The JSON objects that a program of the campaigns prints; none if it failed, and it has said why."""
    done = subprocess.run([*launcher(threads), PROGRAMS / program, *map(str, arguments)], stdout=subprocess.PIPE, text=True,
                          env={**os.environ, "OMP_NUM_THREADS": str(threads)})
    return [json.loads(line) for line in done.stdout.splitlines()] if done.returncode == 0 else []


def host_isa(precision="fp32"):
    """The instruction set that cnnc compiles for here, of networks in bytes and others."""
    flags = set(re.search(r"^flags\s*: (.*)", pathlib.Path("/proc/cpuinfo").read_text(), re.M)[1].split())
    if flags >= {"avx512f", "avx512cd", "avx512bw", "avx512dq", "avx512vl"}:
        return "avx512vnni" if precision == "int8" and "avx512_vnni" in flags else "avx512"
    return "avx2" if flags >= {"avx2", "fma", "f16c"} else "sse41"
