/* Python's strings and lists, read without a detour. */
#ifndef MATCHCORE_PYTHON_H
#define MATCHCORE_PYTHON_H

#include <Python.h>
#include <stdint.h>

#include "_platform.h"

#ifdef Py_GIL_DISABLED
#define mc_free_threaded 1
#else
#define mc_free_threaded 0
#endif

/* The UTF-8 of a str, owned by it; NULL with an exception when it has none. */
static inline const uint8_t *mc_utf8(PyObject *str, size_t *size) {
    Py_ssize_t n;
    const char *p;
    if (PyUnicode_IS_COMPACT_ASCII(str)) {
        *size = (size_t)PyUnicode_GET_LENGTH(str);
        return (const uint8_t *)PyUnicode_DATA(str);
    }
    p = PyUnicode_AsUTF8AndSize(str, &n);
    *size = (size_t)n;
    return (const uint8_t *)p;
}

/* The same for the strings that alerts are made of, and never an exception. */
static inline int mc_ascii(PyObject *str, const uint8_t **data, size_t *size) {
    if (!PyUnicode_Check(str) || !PyUnicode_IS_COMPACT_ASCII(str))
        return 0;
    *data = (const uint8_t *)PyUnicode_DATA(str);
    *size = (size_t)PyUnicode_GET_LENGTH(str);
    return 1;
}

/* Ask for an item's memory: strings that were just parsed are cold. Without the GIL the
 * list's own memory may go away meanwhile, so nothing is done. */
static inline void mc_prefetch_item(PyObject *sequence, Py_ssize_t i) {
#ifndef Py_GIL_DISABLED
    if (i < PySequence_Fast_GET_SIZE(sequence)) {
        const char *item = (const char *)PySequence_Fast_GET_ITEM(sequence, i);
        mc_prefetch(item);
        mc_prefetch(item + 63);
    }
#else
    (void)sequence;
    (void)i;
#endif
}

/* A new reference to an item of a list or tuple that other threads may change;
 * NULL without an exception when it has become shorter. */
static inline PyObject *mc_item(PyObject *sequence, Py_ssize_t i) {
    PyObject *item;
    if (PyTuple_CheckExact(sequence)) {
        item = PyTuple_GET_ITEM(sequence, i);
        Py_INCREF(item);
        return item;
    }
#ifdef Py_GIL_DISABLED
    item = PyList_GetItemRef(sequence, i);
    if (item == NULL)
        PyErr_Clear();
#else
    if (i >= PyList_GET_SIZE(sequence))
        return NULL;
    item = PyList_GET_ITEM(sequence, i);
    Py_INCREF(item);
#endif
    return item;
}

#endif
