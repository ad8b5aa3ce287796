"""Checks objects against the Kubernetes API, strictly: no field it does not know.

The schema is Kubernetes' own OpenAPI document, in the form of the models that Debian's
python3-kubernetes (API 1.22) was generated from it as: each names its fields with their types,
and refuses to be made without a required field or with a value outside an enumeration.
"""

import re
from datetime import datetime
from typing import Any, Iterator

import kubernetes.client as api

PLAIN = {"str": str, "int": int, "bool": bool, "float": (int, float), "datetime": datetime}


def problems_of(thing: Any) -> list[str]:
    """What the API server would not understand of an object; empty when it is in order."""
    group, _, version = thing["apiVersion"].rpartition("/")
    kind = thing["kind"]
    # "networking.k8s.io" and v1 have their calls in NetworkingV1Api; no group is "core".
    calls = (group.split(".")[0] or "core").capitalize() + version.capitalize() + "Api"
    create = "create_namespaced_" + re.sub(r"(?<!^)(?=[A-Z])", "_", kind).lower()
    if not hasattr(getattr(api, calls, None), create):
        return [f"{thing['apiVersion']} has no kind {kind}"]
    return list(_problems(thing, version.capitalize() + kind, kind))


def _problems(value: Any, type_name: str, path: str) -> Iterator[str]:
    if type_name == "object":  # any, such as a port's number or name
        return
    if inner := re.fullmatch(r"list\[(.+)\]", type_name):
        yield from _each(value, list, lambda v: enumerate(v), inner[1], path)
    elif inner := re.fullmatch(r"dict[(\[]str, (.+)[)\]]", type_name):
        yield from _each(value, dict, lambda v: v.items(), inner[1], path)
    elif type_name in PLAIN:
        if not isinstance(value, PLAIN[type_name]) or (type_name == "int" and value is True):
            yield f"{path}: must be {type_name}, got {value!r}"
    else:
        yield from _model_problems(value, getattr(api, type_name), path)


def _each(value: Any, shape: type, items: Any, inner: str, path: str) -> Iterator[str]:
    if not isinstance(value, shape):
        yield f"{path}: must be a {shape.__name__}, got {value!r}"
        return
    for key, item in items(value):
        yield from _problems(item, inner, f"{path}.{key}")


def _model_problems(value: Any, model: Any, path: str) -> Iterator[str]:
    if not isinstance(value, dict):
        yield f"{path}: must be a {model.__name__}, got {value!r}"
        return
    attributes = {json_name: name for name, json_name in model.attribute_map.items()}
    for key, item in value.items():
        if key not in attributes:
            yield f"{path}.{key}: no such field"
        elif item is None:
            yield f"{path}.{key}: is empty"
        else:
            yield from _problems(item, model.openapi_types[attributes[key]], f"{path}.{key}")
    try:
        model(**{attributes[key]: item for key, item in value.items() if key in attributes})
    except ValueError as refused:  # a required field, an enumeration
        yield f"{path}: {refused}"
