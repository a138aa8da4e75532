"""ONNX Runtime, called from Python through its C interface: its native library is all that it takes, as the npm package
onnxruntime-node has it. CNNC_ONNXRUNTIME is the library's path, node_modules/onnxruntime-node/bin/…/libonnxruntime.so.1

    python3 onnx_runtime.py MODEL.onnx INPUT.npy… OUTPUT.npy     # runs it: as many inputs as the model has
"""
import ctypes
import os
import sys

import numpy

# Places in the table of functions, struct OrtApi of onnxruntime_c_api.h, whose order is part of the interface.
GET_ERROR_MESSAGE, CREATE_ENV, CREATE_SESSION, RUN, CREATE_SESSION_OPTIONS = 2, 3, 7, 9, 10
SET_INTRA_THREADS, INPUT_COUNT, OUTPUT_COUNT, INPUT_NAME, OUTPUT_NAME = 24, 30, 31, 36, 37
CREATE_TENSOR_WITH_DATA, TENSOR_DATA, DIMENSIONS_COUNT, DIMENSIONS, TENSOR_SHAPE = 49, 51, 61, 62, 65
CREATE_CPU_MEMORY_INFO, DEFAULT_ALLOCATOR, RELEASE_SESSION, RELEASE_VALUE = 69, 78, 95, 96

API_VERSION, LOG_WARNINGS, ARENA_ALLOCATOR, DEFAULT_MEMORY, FLOAT = 17, 2, 1, 0, 1

Pointer = ctypes.c_void_p


class ApiBase(ctypes.Structure):
    _fields_ = [("get_api", ctypes.CFUNCTYPE(Pointer, ctypes.c_uint32)), ("version", ctypes.CFUNCTYPE(ctypes.c_char_p))]


class Runtime:
    """The library, with what all sessions share."""

    def __init__(self):
        if "CNNC_ONNXRUNTIME" not in os.environ:
            sys.exit("CNNC_ONNXRUNTIME must be the path of libonnxruntime.so")
        library = ctypes.CDLL(os.environ["CNNC_ONNXRUNTIME"])
        library.OrtGetApiBase.restype = ctypes.POINTER(ApiBase)
        self.table = ctypes.cast(library.OrtGetApiBase().contents.get_api(API_VERSION), ctypes.POINTER(Pointer))
        self.environment = self.make(CREATE_ENV, ctypes.c_int(LOG_WARNINGS), b"cnnc")
        self.memory = self.make(CREATE_CPU_MEMORY_INFO, ctypes.c_int(ARENA_ALLOCATOR), ctypes.c_int(DEFAULT_MEMORY))
        self.allocator = self.make(DEFAULT_ALLOCATOR)

    def call(self, slot, *arguments):
        status = ctypes.CFUNCTYPE(Pointer)(self.table[slot])(*arguments)
        if status:
            message = ctypes.CFUNCTYPE(ctypes.c_char_p, Pointer)(self.table[GET_ERROR_MESSAGE])
            raise RuntimeError(message(status).decode())

    def release(self, slot, value):
        ctypes.CFUNCTYPE(None, Pointer)(self.table[slot])(value)

    def make(self, slot, *arguments):
        """What a function hands back through its last argument."""
        result = Pointer()
        self.call(slot, *arguments, ctypes.byref(result))
        return result


class Session:
    """A model, ready to run."""

    def __init__(self, runtime, model, threads=1):
        self.runtime = runtime
        options = runtime.make(CREATE_SESSION_OPTIONS)
        runtime.call(SET_INTRA_THREADS, options, ctypes.c_int(threads))
        self.session = runtime.make(CREATE_SESSION, runtime.environment, os.fsencode(model), options)
        self.inputs = self.names(INPUT_COUNT, INPUT_NAME)
        self.outputs = self.names(OUTPUT_COUNT, OUTPUT_NAME)

    def __del__(self):
        if hasattr(self, "session"):
            self.runtime.release(RELEASE_SESSION, self.session)

    def names(self, count_slot, name_slot):
        count = self.runtime.make(count_slot, self.session).value or 0
        return [ctypes.string_at(self.runtime.make(name_slot, self.session, ctypes.c_size_t(i), self.runtime.allocator).value)
                for i in range(count)]

    def run(self, *inputs):
        """The outputs for the inputs, arrays in the model's order."""
        assert len(inputs) == len(self.inputs), f"the model has {len(self.inputs)} inputs"
        arrays = [numpy.ascontiguousarray(array, numpy.float32) for array in inputs]
        given = (Pointer * len(arrays))(*(self.tensor(array).value for array in arrays))
        made = (Pointer * len(self.outputs))()
        names = lambda list_of_names: (ctypes.c_char_p * len(list_of_names))(*list_of_names)
        self.runtime.call(RUN, self.session, None, names(self.inputs), given, ctypes.c_size_t(len(arrays)),
                          names(self.outputs), ctypes.c_size_t(len(made)), made)
        outputs = [self.array(Pointer(value)) for value in made]
        for value in [*given, *made]:
            self.runtime.release(RELEASE_VALUE, Pointer(value))
        return outputs

    def tensor(self, array):
        dims = (ctypes.c_int64 * array.ndim)(*array.shape)
        return self.runtime.make(CREATE_TENSOR_WITH_DATA, self.runtime.memory, Pointer(array.ctypes.data),
                                 ctypes.c_size_t(array.nbytes), dims, ctypes.c_size_t(array.ndim), ctypes.c_int(FLOAT))

    def array(self, value):
        shape = self.runtime.make(TENSOR_SHAPE, value)
        rank = self.runtime.make(DIMENSIONS_COUNT, shape).value or 0
        dims = (ctypes.c_int64 * rank)()
        self.runtime.call(DIMENSIONS, shape, dims, ctypes.c_size_t(rank))
        data = ctypes.cast(self.runtime.make(TENSOR_DATA, value), ctypes.POINTER(ctypes.c_float))
        return numpy.ctypeslib.as_array(data, tuple(dims)).copy()


if __name__ == "__main__":
    session = Session(Runtime(), sys.argv[1])
    *inputs, output = sys.argv[2:]
    numpy.save(output, session.run(*map(numpy.load, inputs))[0])
